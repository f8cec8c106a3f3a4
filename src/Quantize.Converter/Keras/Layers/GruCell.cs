using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>
/// Gates in the order update, reset, candidate: h = z h + (1 - z) g. The reset gate works on the recurrent product (reset_after, with a bias of its own), or on the
/// state before it.
/// </summary>
internal sealed class GruCell(LayerContext context, LayerWeights weights) : RecurrentCell(context, weights)
{
    private int Units => Config.Integer("units");

    /// <summary>Files that do not tell are older than the choice.</summary>
    private bool ResetsAfter => Config.Flag("reset_after");

    public override Value Project(Value sequence) => Product(sequence, 3 * Units, HasBias ? ResetsAfter ? BiasRow(0) : Context.Weight(Weights, 2, "bias", 3 * Units) : null);

    public override int StateCount => 1;

    public override Value[] InitialStates(Value projected) => [Zeros(projected, Units)];

    public override (Value Output, Value[] States) Step(Value projected, Value[] states)
    {
        Value[] parts = Parts(projected, 3, 1);
        (Value update, Value candidate) = ResetsAfter ? After(parts, states[0]) : Before(parts, states[0]);
        Value kept = Context.F.Mul(update, states[0]), taken = Context.F.Mul(Context.F.Sub(Context.Number(1), update), candidate);
        Value output = Context.F.Add(kept, taken);
        return (output, [output]);
    }

    private (Value Update, Value Candidate) After(Value[] parts, Value state)
    {
        Value product = Context.Call("MatMul", [state, Context.Weight(Weights, 1, "recurrent_kernel", Units, 3 * Units)]);
        Value[] recurrent = Parts(HasBias ? Context.Call("BiasAdd", [product, BiasRow(1)]) : product, 3, 1);
        Value reset = Gate(Context.F.Add(parts[1], recurrent[1]));
        return (Gate(Context.F.Add(parts[0], recurrent[0])), Bent(Context.F.Add(parts[2], Context.F.Mul(reset, recurrent[2]))));
    }

    private (Value Update, Value Candidate) Before(Value[] parts, Value state)
    {
        Value[] recurrent = Parts(Context.Call("MatMul", [state, Columns(0, 2 * Units)]), 2, 1);
        Value reset = Gate(Context.F.Add(parts[1], recurrent[1]));
        Value product = Context.Call("MatMul", [Context.F.Mul(reset, state), Columns(2 * Units, Units)]);
        return (Gate(Context.F.Add(parts[0], recurrent[0])), Bent(Context.F.Add(parts[2], product)));
    }

    /// <summary>The bias of the input, or that of the recurrent product.</summary>
    private Value BiasRow(int row) => WeightForms.Part(Context.Weight(Weights, 2, "bias", 2, 3 * Units), [row, 0], [1, 3 * Units], 3 * Units);

    private Value Columns(int first, int count) => WeightForms.Part(Context.Weight(Weights, 1, "recurrent_kernel", Units, 3 * Units), [0, first], [Units, count], Units, count);
}
