using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>STRIDED_SLICE: single elements may be taken from where only a run knows; ranges have bounds that are known before.</summary>
internal static class StridedSliceOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.StridedSlice, StridedSliceShapes.Infer, Prepare) { MovesElements = true };

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        int[] steps = [.. context.Integers(context.Input(3)).Select(step => (int)step)];
        List<SliceRange> ranges = StridedSliceShapes.Resolve(context.Shapes, Shape.Of(input.Shape), steps);
        int start = 0, axis = 0;
        List<int> strides = [];
        List<OpenSliceStep.Axis> open = [];
        foreach (SliceRange range in ranges)
        {
            int length = range.IsNew ? 1 : input.Shape[axis], stride = range.IsNew ? 0 : AxisGeometry.Of(input.Shape, axis++).Inner;
            start += range.Begin * stride;
            if (range.OpenAt is { } position)
                open.Add(new OpenSliceStep.Axis(position, length, 1, stride, CountsFromBehind: true));
            if (!range.Dropped)
                strides.Add(range.Stride * stride);
        }

        output.IsNonNegative = input.IsNonNegative;
        var gather = new GatherStep(input, output, start, output.Shape, [.. strides], context.ElementBytes(input), "strided slice");
        return open.Count == 0 ? gather : new OpenSliceStep(gather, context.Input(1), start, [.. open]);
    }
}
