using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Weights;
using Quantize.Converter.Ops;

namespace Quantize.Converter.Keras.Layers;

/// <summary>An LSTM whose products are convolutions; channels stand last here.</summary>
internal sealed class ConvLstmCell(LayerContext context, LayerWeights weights, int rank) : RecurrentCell(context, weights)
{
    private int Filters => Config.Integer("filters");

    private int[] Kernel => Config.Lengths("kernel_size", rank, 1);

    private string Operation => rank == 3 ? "Conv3D" : "Conv2D";

    /// <summary>Steps stand among the batch meanwhile.</summary>
    public override Value Project(Value sequence)
    {
        Extent[] shape = Extent.All(sequence);
        Value pictures = Context.Arrange.Reshape(sequence, [shape[0] * shape[1], .. shape[2..]]);
        Value kernel = Context.Weight(Weights, 0, "kernel", [.. Kernel, Context.Length(sequence, ^1), 4 * Filters]);
        Value convolved = ConvolutionWindow.Of(Context, rank).Apply(Context, Operation, pictures, kernel);
        if (HasBias)
            convolved = Context.Call("BiasAdd", [convolved, Context.Weight(Weights, 2, "bias", 4 * Filters)]);
        Value flat = ConvolutionWindow.WithoutHeight(Context, convolved, rank);
        return Context.Arrange.Reshape(flat, [shape[0], shape[1], .. Extent.All(flat)[1..]]);
    }

    public override int StateCount => 2;

    public override Value[] InitialStates(Value projected)
    {
        Extent[] space = Extent.All(projected)[2..^1];
        return [Zeros(projected, [.. space, Filters]), Zeros(projected, [.. space, Filters])];
    }

    public override (Value Output, Value[] States) Step(Value projected, Value[] states)
    {
        Value kernel = Context.Weight(Weights, 1, "recurrent_kernel", [.. Kernel, Filters, 4 * Filters]);
        Value convolved = (ConvolutionWindow.Plain(rank) with { Padding = "SAME" }).Apply(Context, Operation, states[0], kernel);
        Value[] gates = Parts(Context.F.Add(projected, ConvolutionWindow.WithoutHeight(Context, convolved, rank)), 4, rank + 1);
        Value kept = Context.F.Mul(Gate(gates[1]), states[1]);
        Value cell = Context.F.Add(kept, Context.F.Mul(Gate(gates[0]), Bent(gates[2])));
        Value output = Context.F.Mul(Gate(gates[3]), Bent(cell));
        return (output, [output, cell]);
    }
}
