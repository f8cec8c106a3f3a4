using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>Rows folded by segment.</summary>
internal static class Segment
{
    public static Value[] SortedSum(ImportContext context) => [context.Emit(BuiltinOperator.SegmentSum, context.Input(0), context.Index(1))];

    public static Value[] SortedProd(ImportContext context) => Sorted(context, BuiltinOperator.UnsortedSegmentProd);

    public static Value[] SortedMax(ImportContext context) => Sorted(context, BuiltinOperator.UnsortedSegmentMax);

    public static Value[] SortedMin(ImportContext context) => Sorted(context, BuiltinOperator.UnsortedSegmentMin);

    /// <summary>The sum over the number of rows; 0 for a segment without any.</summary>
    public static Value[] SortedMean(ImportContext context)
    {
        int[] counts = Counts(context);
        Value sum = context.Emit(BuiltinOperator.SegmentSum, context.Input(0), context.Index(1));
        int[] shape = [counts.Length, .. Enumerable.Repeat(1, context.Rank(0) - 1)];
        return [new Formula(context).Div(sum, ConstantData.Of($"{context.Node.Name}/counts", shape, [.. counts.Select(count => (float)Math.Max(1, count))]))];
    }

    public static Value[] UnsortedSum(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentSum);

    public static Value[] UnsortedProd(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentProd);

    public static Value[] UnsortedMax(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentMax);

    public static Value[] UnsortedMin(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentMin);

    private static Value[] Unsorted(ImportContext context, BuiltinOperator code) => [context.Emit(code, context.Input(0), context.Index(1), context.Index(2))];

    /// <summary>As the unsorted form, except that a segment without rows gives 0 (a product: 1).</summary>
    private static Value[] Sorted(ImportContext context, BuiltinOperator code)
    {
        int[] counts = Counts(context);
        Value folded = context.Emit(code, context.Input(0), context.Index(1), ConstantData.Scalar($"{context.Node.Name}/segments", counts.Length));
        if (code == BuiltinOperator.UnsortedSegmentProd || !counts.Contains(0))
            return [folded];
        int[] shape = [counts.Length, .. Enumerable.Repeat(1, context.Rank(0) - 1)];
        Value filled = Value.Constant($"{context.Node.Name}/filled", TensorType.Bool, shape, counts.Select(count => (byte)(count > 0 ? 1 : 0)).ToArray());
        var formula = new Formula(context);
        return [formula.Select(filled, folded, formula.Number(folded.Type, 0))];
    }

    /// <summary>The number of rows in each segment, up to the last one that has any.</summary>
    private static int[] Counts(ImportContext context)
    {
        int[] ids = context.Integers(1);
        if (Array.Exists(ids, id => id < 0))
            throw context.Refuse("a segment is negative");
        var counts = new int[ids.Length == 0 ? 0 : checked(ids.Max() + 1)];
        foreach (int id in ids)
            counts[id]++;
        return counts;
    }
}
