using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>What convolutions and pools share: strides, dilations and padding of windows over [batch, height, width, channels], or with a depth before the height.</summary>
internal sealed record Window(ChannelPlace Channels, Value Input, Padding Padding, int[] Strides, int[] Dilations)
{
    public int StrideH => Strides[^2];

    public int StrideW => Strides[^1];

    public int DilationH => Dilations[^2];

    public int DilationW => Dilations[^1];

    /// <summary>
    /// Reads the attributes; explicit padding becomes a PAD in front, with <paramref name="filling"/> where that is not zero, unless it is the caller's
    /// (<paramref name="ignorePadding"/>).
    /// </summary>
    public static Window Of(ImportContext context, int input = 0, int rank = 4, long[]? strides = null, Value? filling = null, bool ignorePadding = false)
    {
        Value value = context.Input(input);
        if (context.Rank(input) != rank)
            throw context.Refuse($"its input has {value.Shape.Rank} dimensions, not {rank}");
        ChannelPlace channels = ChannelPlace.Of(context, rank);
        int[] steps = Spatial(context, channels, "strides", strides ?? context.Longs("strides"), rank);
        int[] dilations = Spatial(context, channels, "dilations", context.Longs("dilations"), rank);
        string padding = context.Node.Attribute("padding", "VALID");
        Value last = channels.ToLast(value);
        return padding switch
        {
            "SAME" => new Window(channels, last, Padding.Same, steps, dilations),
            "VALID" => new Window(channels, last, Padding.Valid, steps, dilations),
            "EXPLICIT" when ignorePadding => new Window(channels, last, Padding.Valid, steps, dilations),
            "EXPLICIT" => new Window(channels, Padded(context, last, ExplicitPaddings(context, channels, rank), filling), Padding.Valid, steps, dilations),
            _ => throw context.Refuse($"padding {padding}"),
        };
    }

    /// <summary>The numbers of a list over all dimensions that belong to depth, height and width; ones where the node has no such attribute.</summary>
    public static int[] Spatial(ImportContext context, ChannelPlace channels, string name, long[] all, int rank)
    {
        if (all.Length == 0)
            return [.. Enumerable.Repeat(1, rank - 2)];
        long[] numbers = channels.ToLast(all);
        bool isSpatial = numbers.Length == rank && numbers[0] == 1 && numbers[^1] == 1 && Array.TrueForAll(numbers, number => number is > 0 and <= int.MaxValue);
        return isSpatial
            ? [.. numbers[1..^1].Select(number => (int)number)]
            : throw context.Refuse($"{name} [{string.Join(',', all)}] reach beyond the spatial dimensions");
    }

    /// <summary>Widths before and behind each dimension, channels last.</summary>
    public static int[] ExplicitPaddings(ImportContext context, ChannelPlace channels, int rank)
    {
        long[] paddings = context.Longs("explicit_paddings");
        if (paddings.Length != 2 * rank || Array.Exists(paddings, padding => padding is < 0 or > int.MaxValue))
            throw context.Refuse($"explicit_paddings [{string.Join(',', paddings)}]");
        return [.. channels.ToLast(paddings, each: 2).Select(padding => (int)padding)];
    }

    private static Value Padded(ImportContext context, Value input, int[] widths, Value? filling)
    {
        var arrangement = new Arrangement(context);
        return filling is null ? arrangement.Pad(input, widths) : arrangement.Pad(input, filling, widths);
    }
}
