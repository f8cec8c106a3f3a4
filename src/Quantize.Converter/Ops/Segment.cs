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
    public static Value[] SortedMean(ImportContext context) => [Mean(context, context.Input(0), context.Index(1), count => count)];

    /// <summary>The same of rows that are looked up first.</summary>
    public static Value[] SparseSum(ImportContext context) => [Sum(context, Looked(context), context.Index(2), Asked(context))];

    public static Value[] SparseMean(ImportContext context) => [Mean(context, Looked(context), context.Index(2), count => count, Asked(context))];

    public static Value[] SparseSqrtN(ImportContext context) => [Mean(context, Looked(context), context.Index(2), new Formula(context).Sqrt, Asked(context))];

    public static Value[] UnsortedSum(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentSum);

    public static Value[] UnsortedProd(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentProd);

    public static Value[] UnsortedMax(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentMax);

    public static Value[] UnsortedMin(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentMin);

    private static Value[] Unsorted(ImportContext context, BuiltinOperator code) => [context.Emit(code, context.Input(0), context.Index(1), context.Index(2))];

    /// <summary>As the unsorted form, except that a segment without rows gives 0 (a product: 1).</summary>
    private static Value[] Sorted(ImportContext context, BuiltinOperator code)
    {
        Value rows = context.Input(0), ids = context.Index(1), number = Number(context, ids);
        Value folded = context.Emit(code, rows, ids, number);
        if (code == BuiltinOperator.UnsortedSegmentProd)
            return [folded];
        var formula = new Formula(context);
        Value isFilled = context.Emit(BuiltinOperator.Greater, Counts(context, ids, number, rows.Shape.Rank), formula.Number(0));
        return [formula.Select(isFilled, folded, formula.Number(folded.Type, 0))];
    }

    private static Value Sum(ImportContext context, Value rows, Value ids, Value? asked) => asked is null
        ? context.Emit(BuiltinOperator.SegmentSum, rows, ids)
        : context.Emit(BuiltinOperator.UnsortedSegmentSum, rows, ids, asked);

    private static Value Mean(ImportContext context, Value rows, Value ids, Func<Value, Value> divisor, Value? asked = null)
    {
        var formula = new Formula(context);
        Value number = asked ?? Number(context, ids);
        Value counts = formula.Max(Counts(context, ids, number, rows.Shape.Rank), formula.Number(1));
        return formula.Div(context.Emit(BuiltinOperator.UnsortedSegmentSum, rows, ids, number), divisor(counts));
    }

    private static Value Looked(ImportContext context) => new Arrangement(context).Gather(context.Input(0), context.Input(1), 0);

    private static Value? Asked(ImportContext context) => context.InputCount > 3 ? context.Index(3) : null;

    /// <summary>One segment more than the last row's.</summary>
    private static Value Number(ImportContext context, Value ids)
    {
        if (ids.IsConstant && ConstantData.Integers(ids) is var numbers)
            return Array.Exists(numbers, id => id < 0) ? throw context.Refuse("a segment is negative") : new Arrangement(context).Scalar(numbers.Length == 0 ? 0 : checked((int)numbers.Max() + 1));
        var formula = new Formula(context);
        return formula.Add(context.Emit(BuiltinOperator.ReduceMax, ids, ConstantData.Scalar($"{context.Node.Name}/axis", 0)), formula.Number(TensorType.Int32, 1));
    }

    /// <summary>The number of rows in each segment as float32, with as many dimensions as a row.</summary>
    private static Value Counts(ImportContext context, Value ids, Value number, int rank)
    {
        var arrangement = new Arrangement(context);
        var formula = new Formula(context);
        Value ones = context.Emit(BuiltinOperator.Fill, arrangement.Computed([Extent.Of(ids, 0)]), formula.Number(1));
        Value counts = context.Emit(BuiltinOperator.UnsortedSegmentSum, ones, ids, number);
        return arrangement.Reshape(counts, [Extent.Of(counts, 0), .. Enumerable.Repeat(Extent.One, rank - 1)]);
    }
}
