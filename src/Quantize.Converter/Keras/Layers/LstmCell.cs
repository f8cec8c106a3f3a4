using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Gates in the order input, forget, cell, output: c = f c + i g, h = o activation(c).</summary>
internal sealed class LstmCell(LayerContext context, LayerWeights weights) : RecurrentCell(context, weights)
{
    private int Units => Config.Integer("units");

    public override Value Project(Value sequence) => Product(sequence, 4 * Units, HasBias ? Context.Weight(Weights, 2, "bias", 4 * Units) : null);

    public override int StateCount => 2;

    public override bool HasOperator => IsNamed("activation", "tanh") && IsNamed("recurrent_activation", "sigmoid");

    public override Value[] InitialStates(Value projected) => [Zeros(projected, Units), Zeros(projected, Units)];

    public override (Value Output, Value[] States) Step(Value projected, Value[] states)
    {
        Value recurrent = Context.Call("MatMul", [states[0], Context.Weight(Weights, 1, "recurrent_kernel", Units, 4 * Units)]);
        Value[] gates = Parts(Context.F.Add(projected, recurrent), 4, 1);
        Value kept = Context.F.Mul(Gate(gates[1]), states[1]);
        Value cell = Context.F.Add(kept, Context.F.Mul(Gate(gates[0]), Bent(gates[2])));
        Value output = Context.F.Mul(Gate(gates[3]), Bent(cell));
        return (output, [output, cell]);
    }
}
