using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>One gate of an integer LSTM: its sums become 16 bits with the scale 2^-12, and their function 16 bits with the scale 2^-15.</summary>
internal sealed class IntegerLstmGate
{
    private const int SumBits = 3;
    private const double SumsInOne = 4096;

    private readonly LstmGate _gate;
    private readonly int _first;
    private readonly FixedPointMultiplier _fromInput;
    private readonly FixedPointMultiplier _fromState;
    private readonly FixedPointMultiplier _fromCell;
    private readonly short[]? _peephole;

    public IntegerLstmGate(PrepareContext context, LstmInputs inputs, LstmGate gate, int first, int units, float inputScale, float stateScale, float cellScale)
    {
        (_gate, _first) = (gate, first);
        _fromInput = FixedPointMultiplier.Of((double)inputScale * TensorScale.Of(context.Input(inputs.InputWeights(gate)), context).Scale * SumsInOne);
        _fromState = FixedPointMultiplier.Of((double)stateScale * TensorScale.Of(context.Input(inputs.RecurrentWeights(gate)), context).Scale * SumsInOne);
        if (inputs.Peephole(gate) is var input and >= 0 && context.OptionalInput(input) is { } peephole)
        {
            if (peephole.Type != TensorType.Int16 || peephole.ElementCount != units)
                throw context.Fail($"wants {units} int16 in its peephole '{peephole.Name}', which is {peephole}");
            _peephole = context.Constant<short>(peephole).ToArray();
            _fromCell = FixedPointMultiplier.Of((double)cellScale * TensorScale.Of(peephole, context).Scale * SumsInOne);
        }
    }

    /// <summary>The gate's value for each unit; <paramref name="fromInput"/> and <paramref name="fromState"/> are the rows' sums of all gates.</summary>
    public void Run(ReadOnlySpan<int> fromInput, ReadOnlySpan<int> fromState, ReadOnlySpan<short> cell, Span<short> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int sum = ShortFixedPoint.Saturate(_fromInput.RoundTwice(fromInput[_first + i]));
            sum = ShortFixedPoint.Saturate(_fromState.RoundTwice(fromState[_first + i]) + sum);
            if (_peephole is not null)
                sum = ShortFixedPoint.Saturate(_fromCell.RoundTwice(_peephole[i] * cell[i]) + sum);
            values[i] = _gate == LstmGate.Candidate ? ShortFixedPoint.Tanh(sum, SumBits) : ShortFixedPoint.Logistic(sum, SumBits);
        }
    }
}
