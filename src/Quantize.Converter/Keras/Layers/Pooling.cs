using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Pools over windows and over everything, in one, two and three dimensions.</summary>
internal static class Pooling
{
    public static Value[] MaxOne(LayerContext context) => Windows(context, 1, "MaxPool");

    public static Value[] MaxTwo(LayerContext context) => Windows(context, 2, "MaxPool");

    public static Value[] MaxThree(LayerContext context) => Windows(context, 3, "MaxPool3D");

    public static Value[] AverageOne(LayerContext context) => Windows(context, 1, "AvgPool");

    public static Value[] AverageTwo(LayerContext context) => Windows(context, 2, "AvgPool");

    public static Value[] AverageThree(LayerContext context) => Windows(context, 3, "AvgPool3D");

    public static Value[] GlobalMax(LayerContext context) => [Global(context, BuiltinOperator.ReduceMax)];

    public static Value[] GlobalAverage(LayerContext context) => [Global(context, BuiltinOperator.Mean)];

    /// <summary>Steps that a mask leaves out do not count.</summary>
    public static Value[] GlobalAverageOne(LayerContext context)
    {
        if ((context.Argument(1, "mask").Tensor?.Value ?? context.Mask) is not { } mask)
            return GlobalAverage(context);
        bool isFirst = ChannelOrder.IsFirst(context), keepDims = context.Config.Flag("keepdims");
        Value kept = context.Call("ExpandDims", [context.AsFloat(mask), ConstantData.Scalar($"{context.Name}/channel", isFirst ? 1 : 2)]);
        int[] steps = [isFirst ? 2 : 1];
        Value sum = context.Reduce(BuiltinOperator.Sum, context.F.Mul(context.X, kept), steps, keepDims);
        return [context.F.Div(sum, context.Reduce(BuiltinOperator.Sum, kept, steps, keepDims))];
    }

    public static Value Window(LayerContext context, Value x, string op, int[] size, int[] strides, string padding)
    {
        int rank = size.Length;
        int[] one = rank == 1 ? [1] : [];
        Value image = rank == 1 ? context.Call("ExpandDims", [x, ConstantData.Scalar($"{context.Name}/height", 1)]) : x;
        Value pooled = context.Call(
            op, [image], ("ksize", (long[])[1, .. one, .. size, 1]), ("strides", (long[])[1, .. one, .. strides, 1]), ("padding", padding.ToUpperInvariant()));
        return ConvolutionWindow.WithoutHeight(context, pooled, rank);
    }

    private static Value[] Windows(LayerContext context, int rank, string op) => ChannelOrder.Last(context, x =>
    {
        int[] size = context.Config.Lengths("pool_size", rank, 2);
        int[] strides = context.Config.Has("strides") ? context.Config.Lengths("strides", rank, 1) : size;
        return Window(context, context.OfRank(x, rank + 2), op, size, strides, context.Config.Text("padding", "valid"));
    });

    private static Value Global(LayerContext context, BuiltinOperator code)
    {
        int first = ChannelOrder.IsFirst(context) ? 2 : 1;
        return context.Reduce(code, context.X, [.. Enumerable.Range(first, context.X.Shape.Rank - 2)], context.Config.Flag("keepdims"));
    }
}
