using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Multiplies by a matrix of weights.</summary>
internal static class Dense
{
    public static Value[] Import(LayerContext context)
    {
        int units = context.Config.Integer("units");
        Value x = context.X;
        Value kernel = QuantizedWeights.Kernel(context, "kernel", context.Length(x, ^1), units);
        (Value Rounded, Value Scale)? rounded = context.Config.Has("quantization_config") ? QuantizedWeights.Rounded(context, x) : null;
        Value product = Product(context, rounded?.Rounded ?? x, kernel);
        if (rounded is { Scale: var scale })
            product = context.F.Div(product, scale);
        if (context.Config.Flag("use_bias", absent: true))
            product = context.Call("BiasAdd", [product, context.Weight(1, "bias", units)]);
        return [context.Activation(product)];
    }

    private static Value Product(LayerContext context, Value x, Value kernel) => context.Call(x.Shape.Rank == 2 ? "MatMul" : "BatchMatMulV2", [x, kernel]);

    public static WeightLayout Weights(KerasObject layer) => new(layer.Config.Flag("use_bias", absent: true) ? 2 : 1);
}
