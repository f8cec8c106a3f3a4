using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>
/// DEPTHWISE_CONV_2D: TensorFlow's filter [height, width, inputs, multiplier] becomes [1, height, width, inputs * multiplier], which has the same elements in
/// the same order.
/// </summary>
internal static class DepthwiseConv2D
{
    public static Value[] Import(ImportContext context)
    {
        Window window = Window.Of(context);
        if (window.StrideH != window.StrideW)
            throw context.Refuse($"strides {window.StrideH} and {window.StrideW} differ");
        if (context.Input(1).Shape is not { IsStatic: true, Rank: 4 } filter)
            throw context.Refuse("its filter has no known shape of four dimensions");
        var options = new DepthwiseConv2DOptions
        {
            Padding = window.Padding,
            StrideH = window.StrideH,
            StrideW = window.StrideW,
            DepthMultiplier = filter[3].Value,
            DilationH = window.DilationH,
            DilationW = window.DilationW,
        };
        return [context.Emit(BuiltinOperator.DepthwiseConv2D, options, window.Input, Flattened(context))];
    }

    private static Value Flattened(ImportContext context)
    {
        Value filter = context.Weights(1, 0, 1, 2, 3);
        int[] shape = context.Input(1).Shape.ToArray();
        int[] flat = [1, shape[0], shape[1], checked(shape[2] * shape[3])];
        return filter.IsConstant
            ? ConstantData.Reshaped(filter, flat)
            : context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), filter, ConstantData.Of($"{context.Node.Name}/filter_shape", flat));
    }
}
