using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>MAX_POOL_2D and AVERAGE_POOL_2D.</summary>
internal static class Pool2D
{
    public static Value[] Max(ImportContext context) =>
        Import(context, BuiltinOperator.MaxPool2D);

    public static Value[] Average(ImportContext context) => Import(context, BuiltinOperator.AveragePool2D);

    private static Value[] Import(ImportContext context, BuiltinOperator code)
    {
        Window window = Window.Of(context);
        (int height, int width) = Window.HeightAndWidth(context, "ksize");
        var options = new Pool2DOptions
        {
            Padding = window.Padding,
            StrideH = window.StrideH,
            StrideW = window.StrideW,
            FilterHeight = height,
            FilterWidth = width,
        };
        return [context.Emit(code, options, window.Input)];
    }
}
