using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Strides, dilations and padding of a convolution, for TensorFlow's operations over two or three dimensions.</summary>
internal sealed record ConvolutionWindow(int[] Strides, int[] Dilations, string Padding)
{
    public static ConvolutionWindow Of(LayerContext context, int rank)
    {
        int[] strides = context.Config.Lengths("strides", rank, 1), dilations = context.Config.Lengths("dilation_rate", rank, 1);
        string padding = context.Config.Text("padding", "valid").ToUpperInvariant();
        return padding is "VALID" or "SAME" or "CAUSAL"
            ? new ConvolutionWindow(strides, dilations, padding)
            : throw context.Config.Unusable("padding", "'valid', 'same' or 'causal'");
    }

    public static ConvolutionWindow Plain(int rank) => new([.. Enumerable.Repeat(1, rank)], [.. Enumerable.Repeat(1, rank)], "VALID");

    /// <summary>The operation over channels last; the result of one over a single dimension keeps a height of 1 until <see cref="WithoutHeight"/>.</summary>
    public Value Apply(LayerContext context, string op, Value x, Value kernel)
    {
        int rank = Strides.Length;
        if (Padding == "CAUSAL")
            x = Causal(context, x, kernel);
        bool isDepthwise = op == "DepthwiseConv2dNative";
        long[] strides = [1, .. rank == 1 ? [isDepthwise ? Strides[0] : 1L] : (long[])[], .. Strides.Select(stride => (long)stride), 1];
        long[] dilations = [1, .. rank == 1 ? [1L] : (long[])[], .. Dilations.Select(dilation => (long)dilation), 1];
        string padding = Padding == "SAME" ? "SAME" : "VALID";
        return context.Call(op, [WithHeight(context, x, rank), WithHeight(kernel, rank)], ("strides", strides), ("dilations", dilations), ("padding", padding));
    }

    /// <summary>Nothing of the future: zeros before the first step.</summary>
    private Value Causal(LayerContext context, Value x, Value kernel)
    {
        if (Strides.Length != 1)
            throw new LayerException("only convolutions over one dimension can be causal");
        int width = kernel.Shape[0].Value;
        int[] widths = x.Shape.Rank == 3 ? [0, 0, checked((width - 1) * Dilations[0]), 0, 0, 0] : [0, 0, 0, 0, checked((width - 1) * Dilations[0]), 0, 0, 0];
        return context.Arrange.Pad(x, widths);
    }

    private static Value WithHeight(LayerContext context, Value x, int rank)
    {
        if (rank != 1 || x.Shape.Rank == 4)
            return x;
        return context.Call("ExpandDims", [x, ConstantData.Scalar($"{context.Name}/height", 1)]);
    }

    public static Value WithHeight(Value kernel, int rank) =>
        rank == 1 && kernel.Shape.Rank == 3 ? kernel.Form("height", () => ConstantData.Reshaped(kernel, [1, .. kernel.Shape.ToArray()])) : kernel;

    public static Value WithoutHeight(LayerContext context, Value convolved, int rank) =>
        rank == 1 && convolved.Shape.Rank == 4 ? context.Call("Squeeze", [convolved], ("squeeze_dims", (long[])[1])) : convolved;
}
