using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>TRANSPOSE_CONV: TensorFlow's filter [height, width, outputs, inputs] becomes [outputs, height, width, inputs].</summary>
internal static class TransposeConv
{
    public static Value[] Import(ImportContext context)
    {
        if (context.Node.Attribute("data_format", "NHWC") != "NHWC")
            throw context.Refuse("data_format NCHW; export the model with channels last (NHWC)");
        (int dilationH, int dilationW) = Window.HeightAndWidth(context, "dilations");
        if (dilationH != 1 || dilationW != 1)
            throw context.Refuse($"dilations {dilationH} and {dilationW} are not supported");
        (int strideH, int strideW) = Window.HeightAndWidth(context, "strides");
        string padding = context.Node.Attribute("padding", "VALID");
        if (padding == "EXPLICIT")
            throw context.Refuse("explicit padding is not supported");
        var options = new TransposeConvOptions { Padding = padding == "SAME" ? Padding.Same : Padding.Valid, StrideH = strideH, StrideW = strideW };
        return [context.Emit(BuiltinOperator.TransposeConv, options, context.Index(0), context.Weights(1, 2, 0, 1, 3), context.Input(2))];
    }
}
