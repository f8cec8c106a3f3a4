using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>What the weights of an LSTM say about it: how many units and outputs, and which gates it has.</summary>
internal sealed record LstmShape(int Units, int Outputs, LstmGate[] Gates)
{
    private static readonly LstmGate[] s_all = [LstmGate.Input, LstmGate.Forget, LstmGate.Candidate, LstmGate.Output];

    /// <summary>The input gate is one minus the forget gate.</summary>
    public bool IsCoupled => Gates.Length < s_all.Length;

    public static LstmShape Of(PrepareContext context, LstmInputs inputs)
    {
        TensorSlot recurrent = context.Input(inputs.RecurrentWeights(LstmGate.Output));
        bool coupled = context.OptionalInput(inputs.InputWeights(LstmGate.Input)) is null;
        if (coupled != context.OptionalInput(inputs.RecurrentWeights(LstmGate.Input)) is null)
            throw context.Fail("has one of the two matrices of an input gate, but not the other");
        return recurrent.Shape is [int units, int outputs]
            ? new LstmShape(units, outputs, coupled ? s_all[1..] : s_all)
            : throw context.Fail($"wants recurrent weights with 2 dimensions, but '{recurrent.Name}' is [{string.Join(',', recurrent.Shape)}]");
    }

    /// <summary>Weights of the sequence. Where the sums are normalized, the bias comes behind that.</summary>
    public GateWeights Input(PrepareContext context, LstmInputs inputs, int depth)
    {
        bool normalizes = inputs.Normalization >= 0 && context.OptionalInput(inputs.NormalizationScale(LstmGate.Forget)) is not null;
        return new GateWeights(context, Tensors(context, inputs.InputWeights), normalizes ? [] : Tensors(context, inputs.Bias), Units, depth);
    }

    public GateWeights Recurrent(PrepareContext context, LstmInputs inputs) => new(context, Tensors(context, inputs.RecurrentWeights), [], Units, Outputs);

    public GateWeights Auxiliary(PrepareContext context, LstmInputs inputs, int depth) => new(context, Tensors(context, inputs.AuxiliaryWeights), [], Units, depth);

    /// <summary>One operand of each gate.</summary>
    public TensorSlot[] Tensors(PrepareContext context, Func<LstmGate, int> position) => [.. Gates.Select(gate => context.Input(position(gate)))];
}
