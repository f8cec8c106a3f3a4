using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>What convolutions and pools share: strides, dilations and padding of windows over [batch, height, width, channels].</summary>
internal sealed record Window(Value Input, Padding Padding, int StrideH, int StrideW, int DilationH, int DilationW)
{
    /// <summary>Reads the attributes; explicit padding becomes a PAD in front.</summary>
    public static Window Of(ImportContext context)
    {
        string format = context.Node.Attribute("data_format", "NHWC");
        if (format != "NHWC")
            throw context.Refuse($"data_format {format}; export the model with channels last (NHWC)");
        (int strideH, int strideW) = HeightAndWidth(context, "strides");
        (int dilationH, int dilationW) = HeightAndWidth(context, "dilations");
        string padding = context.Node.Attribute("padding", "VALID");
        return padding switch
        {
            "SAME" => new Window(context.Input(0), Padding.Same, strideH, strideW, dilationH, dilationW),
            "VALID" => new Window(context.Input(0), Padding.Valid, strideH, strideW, dilationH, dilationW),
            "EXPLICIT" => new Window(Padded(context), Padding.Valid, strideH, strideW, dilationH, dilationW),
            _ => throw context.Refuse($"padding {padding}"),
        };
    }

    /// <summary>The two middle numbers of a list over NHWC; 1 where the node has no such attribute.</summary>
    public static (int Height, int Width) HeightAndWidth(ImportContext context, string attribute)
    {
        long[] numbers = context.Longs(attribute);
        if (numbers.Length == 0)
            return (1, 1);
        bool isPlane = numbers is [1, > 0 and <= int.MaxValue, > 0 and <= int.MaxValue, 1];
        return isPlane ? ((int)numbers[1], (int)numbers[2]) : throw context.Refuse($"{attribute} [{string.Join(',', numbers)}] reach beyond height and width");
    }

    private static Value Padded(ImportContext context)
    {
        long[] paddings = context.Longs("explicit_paddings");
        if (paddings.Length != 8 || Array.Exists(paddings, padding => padding is < 0 or > int.MaxValue))
            throw context.Refuse($"explicit_paddings [{string.Join(',', paddings)}]");
        Value amounts = ConstantData.Reshaped(ConstantData.Of($"{context.Node.Name}/paddings", [.. paddings.Select(padding => (int)padding)]), 4, 2);
        return context.Node.Op == "MaxPool" // zeros would take part in the maximum
            ? context.Emit(BuiltinOperator.Padv2, context.Input(0), amounts, new Formula(context).Number(float.NegativeInfinity))
            : context.Emit(BuiltinOperator.Pad, context.Input(0), amounts);
    }
}
