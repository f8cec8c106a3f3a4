using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>Rows folded by segments.</summary>
internal static class Segment
{
    public static Value[] Sum(ImportContext context) => [context.Emit(BuiltinOperator.SegmentSum, context.Input(0), context.Index(1))];

    public static Value[] UnsortedSum(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentSum);

    public static Value[] UnsortedProd(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentProd);

    public static Value[] UnsortedMax(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentMax);

    public static Value[] UnsortedMin(ImportContext context) => Unsorted(context, BuiltinOperator.UnsortedSegmentMin);

    private static Value[] Unsorted(ImportContext context, BuiltinOperator code) => [context.Emit(code, context.Input(0), context.Index(1), context.Index(2))];
}
