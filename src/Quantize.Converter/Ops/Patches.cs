using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>The windows of a picture or a volume, laid side by side along the channels: a STRIDED_SLICE for each place in the window, joined.</summary>
internal static class Patches
{
    /// <summary>The batch, then the spatial dimensions, then the channels.</summary>
    public static Value[] Import(ImportContext context)
    {
        int rank = context.Rank(0);
        if (rank is not (4 or 5))
            throw context.Refuse($"its input has {rank} dimensions");
        int[] size = Window.Spatial(context, "ksizes", context.Longs("ksizes"), rank);
        int[] strides = Window.Spatial(context, "strides", context.Longs("strides"), rank), rates = Window.Spatial(context, "rates", context.Longs("rates"), rank);
        Value input = Padded(context, size, strides, rates);
        var places = new int[size.Length];
        List<Value> parts = [];
        do
        {
            parts.Add(Part(context, input, places, size, strides, rates));
        }
        while (Next(places, size));
        return [new Arrangement(context).Concatenate(rank - 1, [.. parts])];
    }

    private static Value Padded(ImportContext context, int[] size, int[] strides, int[] rates)
    {
        Value input = context.Input(0);
        if (context.Node.Attribute("padding", "") != "SAME")
            return input;
        var widths = new int[2 * (size.Length + 2)];
        for (int d = 0; d < size.Length; d++)
        {
            int reach = (size[d] - 1) * rates[d];
            Dimension length = input.Shape[d + 1];
            if (!length.IsKnown && strides[d] != 1)
                throw context.Refuse("SAME padding of an open dimension; give the input a fixed size");
            int total = length.IsKnown ? Math.Max(0, (length.CeilingDivide(strides[d]).Value - 1) * strides[d] + reach + 1 - length.Value) : reach;
            (widths[2 * d + 2], widths[2 * d + 3]) = (total / 2, total - total / 2);
        }

        return new Arrangement(context).Pad(input, widths);
    }

    /// <summary>What stands at one place of every window.</summary>
    private static Value Part(ImportContext context, Value input, int[] places, int[] size, int[] strides, int[] rates)
    {
        var begin = new int[size.Length + 1];
        var end = new int[size.Length + 1];
        int openEnds = 1;
        for (int d = 0; d < size.Length; d++)
        {
            begin[d + 1] = places[d] * rates[d];
            end[d + 1] = -(size[d] - 1 - places[d]) * rates[d];
            openEnds |= end[d + 1] == 0 ? 2 << d : 0;
        }

        var arrangement = new Arrangement(context);
        var options = new StridedSliceOptions { BeginMask = 1, EndMask = openEnds };
        return context.Emit(BuiltinOperator.StridedSlice, options, input, arrangement.Vector("begin", begin), arrangement.Vector("end", end), arrangement.Vector("strides", [1, .. strides]));
    }

    private static bool Next(int[] places, int[] size)
    {
        for (int d = size.Length - 1; d >= 0; d--)
        {
            if (++places[d] < size[d])
                return true;
            places[d] = 0;
        }

        return false;
    }
}
