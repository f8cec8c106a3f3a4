using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>A product with weights by an equation such as <c>abc,cd->abd</c>.</summary>
internal static class EinsumDense
{
    private const string Rest = "...";

    public static Value[] Import(LayerContext context)
    {
        string equation = context.Config.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        if (equation.Split("->") is not [string operands, string output] || operands.Split(',') is not [string input, string labels])
            throw new LayerException($"its equation is '{equation}'");
        bool isQuantized = DataTypes.QuantizationOf(context.Config) is not null;
        Value product = isQuantized
            ? ProductOfCodes(context, input, labels, output)
            : context.Call("Einsum", [context.X, Kernel(context, labels)], ("equation", equation));
        if (context.Config.Has("bias_axes"))
            product = context.F.Add(product, Bias(context, output, context.Config.Text("bias_axes", "")));
        return [context.Activation(product)];
    }

    public static WeightLayout Weights(KerasObject layer) => new(layer.Config.Has("bias_axes") ? 2 : 1);

    private static Value Kernel(LayerContext context, string labels) => context.Weight(0, "kernel", [.. labels.Select(_ => -1)]);

    /// <summary>8-bit weights, with divisors in the shape of the result; the input is rounded too, by itself for everything that is not summed over.</summary>
    private static Value ProductOfCodes(LayerContext context, string input, string labels, string output)
    {
        if (DataTypes.QuantizationOf(context.Config) != "int8" || input.Contains(Rest, StringComparison.Ordinal))
            throw context.Refuse("Keras has quantized it in a form that is not computed here; save the model before it is quantized");
        Value codes = WeightForms.AsFloat(context.Stored(context.Weights, 0, "kernel", [.. labels.Select(_ => -1)]));
        Value divisor = context.Weight(context.Config.Has("bias_axes") ? 2 : 1, "scale", [.. output.Select(_ => -1)]);
        int[] summed = [.. Enumerable.Range(0, input.Length).Where(axis => !output.Contains(input[axis]))];
        (string, object) equation = ("equation", $"{input},{labels}->{output}");
        if (QuantizedWeights.Rounded(context, context.X, summed) is not var (rounded, scale))
            return context.F.Div(context.Call("Einsum", [context.X, codes], equation), divisor);
        Value aligned = Aligned(context, scale, input, output, summed);
        return context.F.Div(context.Call("Einsum", [rounded, codes], equation), context.F.Mul(aligned, divisor));
    }

    /// <summary>The input's scale in the order of the result's dimensions, with ones for those that it does not have.</summary>
    private static Value Aligned(LayerContext context, Value scale, string input, string output, int[] summed)
    {
        string kept = string.Concat(input.Where(output.Contains)), ordered = string.Concat(output.Where(kept.Contains));
        Value aligned = context.Call("Squeeze", [scale], ("squeeze_dims", summed.Select(axis => (long)axis).ToArray()));
        if (kept != ordered)
            aligned = context.Arrange.Transpose(aligned, [.. ordered.Select(label => kept.IndexOf(label))]);
        for (int axis = 0; axis < output.Length; axis++)
        {
            if (!kept.Contains(output[axis]))
                aligned = context.Call("ExpandDims", [aligned, ConstantData.Scalar($"{context.Name}/axis", axis)]);
        }

        return aligned;
    }

    /// <summary>The bias has the axes of the result that it names, and ones behind the first of them for the others.</summary>
    private static Value Bias(LayerContext context, string output, string axes)
    {
        string named = output.Replace(Rest, "", StringComparison.Ordinal);
        int first = axes.Length == 0 ? named.Length : axes.Min(axis => named.IndexOf(axis));
        if (first < 0)
            throw new LayerException($"its bias_axes '{axes}' are not among '{output}'");
        int behind = output.EndsWith(Rest, StringComparison.Ordinal) ? context.X.Shape.Rank - named.Length : 0;
        return context.Weight(1, "bias", [.. named[first..].Select(axis => axes.Contains(axis) ? -1 : 1), .. Enumerable.Repeat(1, Math.Max(behind, 0))]);
    }
}
