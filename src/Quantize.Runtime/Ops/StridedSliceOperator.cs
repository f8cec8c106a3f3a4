using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>STRIDED_SLICE with constant bounds.</summary>
internal static class StridedSliceOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.StridedSlice, StridedSliceShapes.Infer, Prepare);

    private static GatherStep Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        List<SliceRange> ranges = StridedSliceShapes.Resolve(
            context.Shapes, Shape.Of(input.Shape), [.. context.Constant<int>(context.Input(1)).ToArray().Select(begin => (Dimension)begin)],
            [.. context.Constant<int>(context.Input(2)).ToArray().Select(end => (Dimension)end)], context.Constant<int>(context.Input(3)).ToArray());
        int start = 0, axis = 0;
        List<int> strides = [];
        foreach (SliceRange range in ranges)
        {
            int stride = range.IsNew ? 0 : AxisGeometry.Of(input.Shape, axis++).Inner;
            start += range.Begin * stride;
            if (!range.Dropped)
                strides.Add(range.Stride * stride);
        }

        context.Output(0).IsNonNegative = input.IsNonNegative;
        return new GatherStep(input, context.Output(0), start, context.Output(0).Shape, [.. strides], context.ElementBytes(input), "strided slice");
    }
}
