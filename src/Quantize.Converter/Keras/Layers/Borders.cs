using System.Text.Json;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Zeros put around an input, and borders cut off, in one, two and three dimensions.</summary>
internal static class Borders
{
    public static Value[] PadOne(LayerContext context) => Pad(context, 1);

    public static Value[] PadTwo(LayerContext context) => Pad(context, 2);

    public static Value[] PadThree(LayerContext context) => Pad(context, 3);

    public static Value[] CropOne(LayerContext context) => Crop(context, 1);

    public static Value[] CropTwo(LayerContext context) => Crop(context, 2);

    public static Value[] CropThree(LayerContext context) => Crop(context, 3);

    private static Value[] Pad(LayerContext context, int rank)
    {
        Value x = context.OfRank(context.X, rank + 2);
        int first = ChannelOrder.IsFirst(context) ? 2 : 1;
        var widths = new int[2 * (rank + 2)];
        Widths(context, "padding", rank).CopyTo(widths, 2 * first);
        return [context.Arrange.Pad(x, widths)];
    }

    private static Value[] Crop(LayerContext context, int rank)
    {
        Value x = context.OfRank(context.X, rank + 2);
        int first = ChannelOrder.IsFirst(context) ? 2 : 1;
        int[] widths = Widths(context, "cropping", rank);
        for (int i = 0; i < rank; i++)
        {
            (int before, int behind) = (widths[2 * i], widths[2 * i + 1]);
            if (x.Shape[first + i] is { IsKnown: true } length && before + behind >= length.Value)
                throw new LayerException($"it cuts {before} + {behind} from a dimension of {length.Value}");
            if (before + behind > 0)
                x = context.Arrange.Slice(x, first + i, before, behind == 0 ? null : -behind);
        }

        return [x];
    }

    /// <summary>Before and behind each dimension: one number for all, one for each dimension, or two for each.</summary>
    private static int[] Widths(LayerContext context, string name, int rank)
    {
        JsonElement value = context.Config.Of(name);
        JsonElement[] each = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [.. Enumerable.Repeat(value, rank)];
        int[] widths = rank == 1 && each.Length == 2 ? [.. each.SelectMany(Single)] : [.. each.SelectMany(Pair)];
        return widths.Length == 2 * rank && Array.TrueForAll(widths, width => width >= 0) ? widths : throw context.Config.Unusable(name, "widths of borders");

        int[] Single(JsonElement width) => [LayerConfig.Whole(width) ?? throw context.Config.Unusable(name, "whole numbers")];

        int[] Pair(JsonElement widths) => widths.ValueKind == JsonValueKind.Array ? [.. widths.EnumerateArray().SelectMany(Single)] : [.. Single(widths), .. Single(widths)];
    }
}
