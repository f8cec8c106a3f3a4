using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>h = activation(x W + b + h U).</summary>
internal sealed class SimpleCell(LayerContext context, LayerWeights weights) : RecurrentCell(context, weights)
{
    private int Units => Config.Integer("units");

    public override Value Project(Value sequence) => Product(sequence, Units, HasBias ? Context.Weight(Weights, 2, "bias", Units) : null);

    public override int StateCount => 1;

    public override bool HasOperator => IsNamed("activation", "tanh", "relu");

    public override Value[] InitialStates(Value projected) => [Zeros(projected, Units)];

    public override (Value Output, Value[] States) Step(Value projected, Value[] states)
    {
        Value recurrent = Context.Call("MatMul", [states[0], Context.Weight(Weights, 1, "recurrent_kernel", Units, Units)]);
        Value output = Bent(Context.F.Add(projected, recurrent));
        return (output, [output]);
    }
}
