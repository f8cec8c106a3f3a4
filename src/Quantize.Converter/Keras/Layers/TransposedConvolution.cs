using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Ops;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Transposed convolutions: TensorFlow's gradient of a convolution, for an output whose lengths Keras computes.</summary>
internal static class TransposedConvolution
{
    public static Value[] One(LayerContext context) => Import(context, 1);

    public static Value[] Two(LayerContext context) => Import(context, 2);

    public static Value[] Three(LayerContext context) => Import(context, 3);

    private static Value[] Import(LayerContext context, int rank) => ChannelOrder.Last(context, x =>
    {
        int filters = context.Config.Integer("filters"), channels = context.Length(context.OfRank(x, rank + 2), ^1);
        int[] kernel = context.Config.Lengths("kernel_size", rank, 1);
        ConvolutionWindow window = ConvolutionWindow.Of(context, rank);
        Value weights = ConvolutionWindow.WithHeight(context.Weight(0, "kernel", [.. kernel, filters, channels]), rank);
        Value sizes = Sizes(context, x, kernel, window, filters);
        Value image = rank == 1 ? context.Call("ExpandDims", [x, ConstantData.Scalar($"{context.Name}/height", 1)]) : x;
        int[] one = rank == 1 ? [1] : [];
        long[] strides = [1, .. one, .. window.Strides, 1], dilations = [1, .. one, .. window.Dilations, 1];
        Value convolved = context.Call(
            rank == 3 ? "Conv3DBackpropInputV2" : "Conv2DBackpropInput", [sizes, weights, image], ("strides", strides), ("dilations", dilations), ("padding", window.Padding));
        if (context.Config.Flag("use_bias", absent: true))
            convolved = context.Call("BiasAdd", [convolved, context.Weight(1, "bias", filters)]);
        return ConvolutionWindow.WithoutHeight(context, context.Activation(convolved), rank);
    });

    /// <summary>The shape of the result; an open length is computed from the input's.</summary>
    private static Value Sizes(LayerContext context, Value x, int[] kernel, ConvolutionWindow window, int filters)
    {
        int rank = kernel.Length;
        int?[] extra = rank == 0 || !context.Config.Has("output_padding") ? new int?[rank] : [.. context.Config.Integers("output_padding", rank, 0).Select(width => (int?)width)];
        List<Value> parts = [context.Arrange.Scalar(Extent.Of(x, 0))];
        if (rank == 1)
            parts.Add(Number(1));
        for (int axis = 0; axis < rank; axis++)
        {
            (int factor, int offset) = Length(kernel[axis], window.Strides[axis], window.Dilations[axis], window.Padding == "SAME", extra[axis]);
            Extent length = Extent.Of(x, axis + 1);
            parts.Add(length.IsKnown
                ? Number(Math.Max(0, checked(length.Number * factor + offset)))
                : context.F.Add(context.Arrange.Scalar(length * factor), Number(offset)));
        }

        parts.Add(Number(filters));
        return parts.TrueForAll(part => part.IsConstant)
            ? context.Arrange.Vector("sizes", [.. parts.Select(part => (int)ConstantData.Integers(part)[0])])
            : context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = parts.Count }, [.. parts]);

        Value Number(int number) => ConstantData.Scalar($"{context.Name}/length", number);
    }

    /// <summary>The length of the result as a multiple of the input's, plus an offset. A convolution of the result must give the input's length again.</summary>
    private static (int Factor, int Offset) Length(int kernel, int stride, int dilation, bool isSame, int? extra)
    {
        int reach = checked((kernel - 1) * dilation + 1);
        int offset = extra is null
            ? isSame ? 0 : Math.Max(reach - stride, 0)
            : checked(-stride + reach - (isSame ? reach / 2 * 2 : 0) + extra.Value);
        int beyond = isSame ? offset : offset - reach + 1;
        return beyond > -stride && beyond <= 0
            ? (stride, offset)
            : throw new LayerException($"a kernel of {reach} with the stride {stride} and the output_padding {extra} gives a length that no convolution leads back from");
    }
}
