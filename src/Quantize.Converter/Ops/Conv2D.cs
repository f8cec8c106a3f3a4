using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>CONV_2D: TensorFlow's filter [height, width, inputs, outputs] becomes [outputs, height, width, inputs].</summary>
internal static class Conv2D
{
    public static Value[] Import(ImportContext context)
    {
        Window window = Window.Of(context);
        var options = new Conv2DOptions
        {
            Padding = window.Padding,
            StrideH = window.StrideH,
            StrideW = window.StrideW,
            DilationH = window.DilationH,
            DilationW = window.DilationW,
        };
        return [context.Emit(BuiltinOperator.Conv2D, options, window.Input, context.Weights(1, 3, 0, 1, 2))];
    }
}
