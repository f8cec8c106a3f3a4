using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>SLICE: a block that begins there and has that size; -1 takes what is left.</summary>
internal static class SliceOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Slice, Infer, Prepare) { MovesElements = true };

    private static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.Values(2) is not { } size)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        Dimension[] begin = context.Values(1) ?? [.. size.Select((_, d) => Dimension.Symbol($"begin{d}"))];
        if (begin.Length != input.Rank || size.Length != input.Rank)
            throw context.Fail($"takes [{string.Join(',', size)}] from [{string.Join(',', begin)}] of {input}");
        var dimensions = new Dimension[input.Rank];
        for (int d = 0; d < dimensions.Length; d++)
        {
            dimensions[d] = size[d] == -1 ? input[d] - begin[d] : size[d];
            bool outside = (begin[d].IsKnown && begin[d].Value < 0) || (dimensions[d].IsKnown && dimensions[d].Value < 0)
                || (input[d].IsKnown && dimensions[d].IsKnown && begin[d].IsKnown && begin[d].Value + (long)dimensions[d].Value > input[d].Value);
            if (outside)
                throw context.Fail($"takes [{string.Join(',', size)}] from [{string.Join(',', begin)}] of {input}, which does not hold it");
        }

        bool vector = context.Values(0) is not null && input.Rank == 1 && dimensions[0].IsKnown && begin[0].IsKnown;
        context.Output(0, context.Type(0), Shape.Of(dimensions), vector ? context.Values(0)![begin[0].Value..(begin[0].Value + dimensions[0].Value)] : null);
    }

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), output = context.Output(0), first = context.Input(1);
        int[] strides = [.. input.Shape.Select((_, d) => AxisGeometry.Of(input.Shape, d).Inner)];
        if (!first.IsKnown)
        {
            var gather = new GatherStep(input, output, 0, output.Shape, strides, context.ElementBytes(input), "slice");
            return new OpenSliceStep(gather, first, 0, [.. strides.Select((stride, d) => new OpenSliceStep.Axis(d, input.Shape[d], output.Shape[d], stride, CountsFromBehind: false))]);
        }

        long[] begin = context.Integers(first);
        int start = 0;
        for (int d = 0; d < strides.Length; d++)
            start += (int)begin[d] * strides[d];
        output.IsNonNegative = input.IsNonNegative;
        return new GatherStep(input, output, start, output.Shape, strides, context.ElementBytes(input), "slice");
    }
}
