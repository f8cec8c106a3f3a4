using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// Pools over [batch, depth, height, width, channels] as two pools in a plane: one over height and width of each slice, one over depth of each pixel. Both folds
/// (the maximum, and the sum of means where no window leaves the volume) come out the same.
/// </summary>
internal static class Pool3D
{
    public static Value[] Max(ImportContext context) => Import(context, BuiltinOperator.MaxPool2D);

    public static Value[] Average(ImportContext context) => Import(context, BuiltinOperator.AveragePool2D);

    private static Value[] Import(ImportContext context, BuiltinOperator code)
    {
        if (context.Node.Attribute("data_format", "NDHWC") != "NDHWC")
            throw context.Refuse("data_format NCDHW; export the model with channels last (NDHWC)");
        long[] size = context.Longs("ksize"), strides = context.Longs("strides");
        if (size is not [1, > 0, > 0, > 0, 1] || strides is not [1, > 0, > 0, > 0, 1] || context.Rank(0) != 5)
            throw context.Refuse($"a window of [{string.Join(',', size)}] with strides [{string.Join(',', strides)}] reaches beyond the volume");
        Padding padding = context.Node.Attribute("padding", "VALID") == "SAME" ? Padding.Same : Padding.Valid;
        Shape input = context.Input(0).Shape;
        if (!input[1].IsKnown || !input[2].IsKnown || !input[3].IsKnown || !input[4].IsKnown)
            throw context.Refuse("the volume has open dimensions; only the batch may be open");

        int depth = input[1].Value, channels = input[4].Value;
        Value planes = Reshape(context, context.Input(0), -1, input[2].Value, input[3].Value, channels);
        Value pooled = context.Emit(code, Window(padding, size[2], size[3], strides[2], strides[3]), planes);
        int height = pooled.Shape[1].Value, width = pooled.Shape[2].Value;
        Value columns = Reshape(context, pooled, -1, depth, height * width, channels);
        Value result = context.Emit(code, Window(padding, size[1], 1, strides[1], 1), columns);
        return [Reshape(context, result, -1, result.Shape[1].Value, height, width, channels)];
    }

    private static Pool2DOptions Window(Padding padding, long height, long width, long strideH, long strideW) => new()
    {
        Padding = padding,
        FilterHeight = (int)height,
        FilterWidth = (int)width,
        StrideH = (int)strideH,
        StrideW = (int)strideW,
    };

    private static Value Reshape(ImportContext context, Value value, params int[] shape) =>
        context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), value, ConstantData.Of($"{context.Node.Name}/shape", shape));
}
