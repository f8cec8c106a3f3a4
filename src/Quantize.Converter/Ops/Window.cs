using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>What convolutions and pools share: strides, dilations and padding of windows over [batch, height, width, channels], or with a depth before the height.</summary>
internal sealed record Window(Value Input, Padding Padding, int[] Strides, int[] Dilations)
{
    public int StrideH => Strides[^2];

    public int StrideW => Strides[^1];

    public int DilationH => Dilations[^2];

    public int DilationW => Dilations[^1];

    /// <summary>
    /// Reads the attributes; explicit padding becomes a PAD in front, with <paramref name="filling"/> where that is not zero, unless it is the caller's
    /// (<paramref name="ignorePadding"/>).
    /// </summary>
    public static Window Of(ImportContext context, int input = 0, int rank = 4, Value? filling = null, bool ignorePadding = false)
    {
        Value value = context.Input(input);
        if (context.Rank(input) != rank)
            throw context.Refuse($"its input has {value.Shape.Rank} dimensions, not {rank}");
        int[] steps = Spatial(context, "strides", context.Longs("strides"), rank);
        int[] dilations = Spatial(context, "dilations", context.Longs("dilations"), rank);
        string padding = context.Node.Attribute("padding", "VALID");
        return padding switch
        {
            "SAME" => new Window(value, Padding.Same, steps, dilations),
            "VALID" => new Window(value, Padding.Valid, steps, dilations),
            "EXPLICIT" when ignorePadding => new Window(value, Padding.Valid, steps, dilations),
            "EXPLICIT" => new Window(Padded(context, value, ExplicitPaddings(context, rank), filling), Padding.Valid, steps, dilations),
            _ => throw context.Refuse($"padding {padding}"),
        };
    }

    /// <summary>The numbers of a list over all dimensions that belong to depth, height and width; ones where the node has no such attribute.</summary>
    public static int[] Spatial(ImportContext context, string name, long[] all, int rank)
    {
        if (all.Length == 0)
            return [.. Enumerable.Repeat(1, rank - 2)];
        bool isSpatial = all.Length == rank && all[0] == 1 && all[^1] == 1 && Array.TrueForAll(all, number => number is > 0 and <= int.MaxValue);
        return isSpatial
            ? [.. all[1..^1].Select(number => (int)number)]
            : throw context.Refuse($"{name} [{string.Join(',', all)}] reach beyond the spatial dimensions");
    }

    /// <summary>Widths before and behind each dimension.</summary>
    public static int[] ExplicitPaddings(ImportContext context, int rank)
    {
        long[] paddings = context.Longs("explicit_paddings");
        if (paddings.Length != 2 * rank || Array.Exists(paddings, padding => padding is < 0 or > int.MaxValue))
            throw context.Refuse($"explicit_paddings [{string.Join(',', paddings)}]");
        return [.. paddings.Select(padding => (int)padding)];
    }

    private static Value Padded(ImportContext context, Value input, int[] widths, Value? filling)
    {
        var arrangement = new Arrangement(context);
        return filling is null ? arrangement.Pad(input, widths) : arrangement.Pad(input, filling, widths);
    }
}
