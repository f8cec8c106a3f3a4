using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Layers that multiply by a matrix of weights.</summary>
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

    public static Value[] Einsum(LayerContext context)
    {
        string equation = context.Config.Text("equation", "");
        string output = equation.Split("->") is [_, string right] ? right.Trim() : throw new LayerException($"its equation is '{equation}'");
        string labels = equation.Split("->")[0].Split(',') is [_, string weights] ? weights.Trim() : throw new LayerException($"its equation is '{equation}'");
        Value kernel = context.Weight(0, "kernel", [.. labels.Select(_ => -1)]);
        Value product = context.Call("Einsum", [context.X, kernel], ("equation", equation));
        if (context.Config.Has("bias_axes"))
            product = context.F.Add(product, Bias(context, output.Replace("...", "", StringComparison.Ordinal), context.Config.Text("bias_axes", "")));
        return [context.Activation(product)];
    }

    /// <summary>The bias has the axes of the result that it names, and ones behind the first of them for the others.</summary>
    private static Value Bias(LayerContext context, string output, string axes)
    {
        int first = axes.Length == 0 ? output.Length : axes.Min(axis => output.IndexOf(axis));
        if (first < 0)
            throw new LayerException($"its bias_axes '{axes}' are not among '{output}'");
        return context.Weight(1, "bias", [.. output[first..].Select(axis => axes.Contains(axis) ? -1 : 1)]);
    }

    public static WeightLayout Weights(KerasObject layer) => new(layer.Config.Flag("use_bias", absent: true) ? 2 : 1);

    public static WeightLayout EinsumWeights(KerasObject layer) => new(layer.Config.Has("bias_axes") ? 2 : 1);
}
