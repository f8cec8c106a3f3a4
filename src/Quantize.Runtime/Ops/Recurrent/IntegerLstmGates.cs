using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The gates of an integer LSTM, and how they renew the cell.</summary>
internal sealed class IntegerLstmGates
{
    private readonly IntegerLstmGate?[] _gates = new IntegerLstmGate?[LstmInputs.Gates];
    private readonly TensorSlot _values;
    private readonly int _units;

    public IntegerLstmGates(PrepareContext context, LstmShape shape, LstmInputs inputs, float inputScale, float stateScale, float cellScale)
    {
        _units = shape.Units;
        for (int i = 0; i < shape.Gates.Length; i++)
            _gates[(int)shape.Gates[i]] = new IntegerLstmGate(context, inputs, shape.Gates[i], i * _units, _units, inputScale, stateScale, cellScale);
        _values = context.Scratch(checked(LstmInputs.Gates * _units * sizeof(short)));
    }

    /// <summary>One batch item; hidden = output gate * tanh(cell), with 30 fractional bits.</summary>
    public void Run(in RunContext context, ReadOnlySpan<int> fromInput, ReadOnlySpan<int> fromState, IntegerLstmCell kernel, Span<short> cell, Span<int> hidden)
    {
        Span<short> values = context.Write<short>(_values);
        ReadOnlySpan<short> input = Value(LstmGate.Input, fromInput, fromState, cell, values), forget = Value(LstmGate.Forget, fromInput, fromState, cell, values);
        kernel.Update(input, forget, Value(LstmGate.Candidate, fromInput, fromState, cell, values), cell);
        ReadOnlySpan<short> output = Value(LstmGate.Output, fromInput, fromState, cell, values);
        for (int i = 0; i < hidden.Length; i++)
            hidden[i] = output[i] * kernel.Tanh(cell[i]);
    }

    private ReadOnlySpan<short> Value(LstmGate gate, ReadOnlySpan<int> fromInput, ReadOnlySpan<int> fromState, ReadOnlySpan<short> cell, Span<short> values)
    {
        if (_gates[(int)gate] is not { } sums)
            return [];
        Span<short> value = values.Slice((int)gate * _units, _units);
        sums.Run(fromInput, fromState, cell, value);
        return value;
    }
}
