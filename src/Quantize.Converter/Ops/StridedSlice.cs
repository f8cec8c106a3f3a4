using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>STRIDED_SLICE; the masks mean the same on both sides.</summary>
internal static class StridedSlice
{
    public static Value[] Import(ImportContext context)
    {
        var options = new StridedSliceOptions
        {
            BeginMask = Mask(context, "begin_mask"),
            EndMask = Mask(context, "end_mask"),
            EllipsisMask = Mask(context, "ellipsis_mask"),
            NewAxisMask = Mask(context, "new_axis_mask"),
            ShrinkAxisMask = Mask(context, "shrink_axis_mask"),
        };
        return [context.Emit(BuiltinOperator.StridedSlice, options, context.Input(0), context.Index(1), context.Index(2), context.Index(3))];
    }

    private static int Mask(ImportContext context, string attribute) => (int)context.Node.Attribute(attribute, 0L);
}
