using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>What STRIDED_SLICE takes of each dimension, its masks resolved.</summary>
internal static class StridedSliceShapes
{
    public static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(3) is not { } strides)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        List<SliceRange> ranges = Resolve(context, input, strides);
        List<Dimension> output = [];
        foreach (SliceRange range in ranges)
        {
            if (!range.Dropped)
                output.Add(range.Count);
        }

        context.Output(0, context.Type(0), Shape.Of([.. output]), ranges.TrueForAll(range => range.OpenAt is null) ? SlicedValues(context, input, ranges) : null);
    }

    /// <summary>One range for every dimension of the input, and one with <see cref="SliceRange.IsNew"/> for every new axis.</summary>
    public static List<SliceRange> Resolve(ShapeContext context, Shape input, int[] strides)
    {
        Dimension[] begin = context.Values(1) ?? Open(context, "begin", strides.Length), end = context.Values(2) ?? Open(context, "end", strides.Length);
        var options = context.OptionsAs<StridedSliceOptions>();
        if (begin.Length != end.Length || begin.Length != strides.Length)
            throw context.Fail($"has {begin.Length} begins, {end.Length} ends and {strides.Length} strides");
        int newAxes = CountBits(options.NewAxisMask & ~options.EllipsisMask, begin.Length);
        int ellipsis = CountBits(options.EllipsisMask, begin.Length);
        if (ellipsis > 1)
            throw context.Fail("has more than one ellipsis");
        int covered = begin.Length - newAxes - ellipsis;
        if (covered > input.Rank)
            throw context.Fail($"slices {covered} dimensions of {input}");

        List<SliceRange> ranges = [];
        int axis = 0;
        for (int i = 0; i < begin.Length; i++)
        {
            int bit = 1 << i;
            if ((options.EllipsisMask & bit) != 0)
            {
                for (int rest = input.Rank - covered; rest > 0; rest--)
                    ranges.Add(SliceRange.All(input[axis++]));
            }
            else if ((options.NewAxisMask & bit) != 0)
            {
                ranges.Add(SliceRange.New);
            }
            else
            {
                ranges.Add(Range(context, options, i, input[axis++], begin[i], end[i], strides[i]));
            }
        }

        while (axis < input.Rank)
            ranges.Add(SliceRange.All(input[axis++]));
        return ranges;
    }

    private static SliceRange Range(ShapeContext context, StridedSliceOptions options, int position, Dimension size, Dimension start, Dimension end, int stride)
    {
        if (stride == 0)
            throw context.Fail("has a stride of 0");
        int bit = 1 << position;
        bool shrink = (options.ShrinkAxisMask & bit) != 0;
        bool openBegin = (options.BeginMask & bit) != 0;
        bool openEnd = (options.EndMask & bit) != 0;
        if (!start.IsKnown && !openBegin)
            return new SliceRange(0, stride, shrink ? 1 : Dimension.Symbol($"slice({size},{start},{(openEnd ? "" : end)},{stride})"), shrink, OpenAt: position);
        int begin = start.IsKnown ? start.Value : 0;
        if (!size.IsKnown)
            return UnknownRange(size, begin, end, stride, shrink, openBegin, openEnd);

        int length = size.Value;
        int low = stride > 0 ? 0 : -1;
        int high = stride > 0 ? length : length - 1;
        int from = openBegin ? (stride > 0 ? low : high) : Math.Clamp(begin < 0 ? begin + length : begin, low, high);
        if (shrink)
        {
            int index = begin < 0 ? begin + length : begin;
            if ((uint)index >= (uint)length)
                throw context.Fail($"takes element {begin} of a dimension of {length}");
            return new SliceRange(index, 1, 1, Dropped: true);
        }

        if (!openEnd && !end.IsKnown)
            return new SliceRange(from, stride, Dimension.Symbol($"slice({size},{begin},{end},{stride})"), Dropped: false);
        int last = openEnd ? (stride > 0 ? high : low) : Math.Clamp(Resolved(options, begin, end.Value, length), low, high);
        int count = Math.Max(0, (int)Math.Ceiling((last - from) / (double)stride));
        return new SliceRange(from, stride, count, Dropped: false);
    }

    private static int Resolved(StridedSliceOptions options, int begin, int end, int length)
    {
        if (options.Offset)
            end += begin;
        return end < 0 ? end + length : end;
    }

    private static SliceRange UnknownRange(Dimension size, int begin, Dimension end, int stride, bool shrink, bool openBegin, bool openEnd)
    {
        if (shrink)
            return new SliceRange(begin, 1, 1, Dropped: true);
        bool fromStart = openBegin || begin == 0;
        if (fromStart && stride > 0 && (openEnd || end == size || (end.IsKnown && end.Value == int.MaxValue)))
            return new SliceRange(0, stride, size.CeilingDivide(stride), Dropped: false);
        string text = $"slice({size},{(openBegin ? "" : begin)},{(openEnd ? "" : end)},{stride})";
        return new SliceRange(begin, stride, Dimension.Symbol(text), Dropped: false);
    }

    private static Dimension[]? SlicedValues(ShapeContext context, Shape input, List<SliceRange> ranges)
    {
        if (context.Values(0) is not { } values || input.Rank != 1 || ranges is not [{ IsNew: false, Count.IsKnown: true } range])
            return null;
        var taken = new Dimension[range.Count.Value];
        for (int i = 0; i < taken.Length; i++)
            taken[i] = values[range.Begin + i * range.Stride];
        return taken;
    }

    private static Dimension[] Open(ShapeContext context, string name, int count) => [.. Enumerable.Range(0, count).Select(i => context.Open($"{name}{i}."))];

    private static int CountBits(int mask, int count) => int.PopCount(mask & ((1 << count) - 1));
}
