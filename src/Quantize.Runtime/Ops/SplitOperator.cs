using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>SPLIT into equal parts, SPLIT_V into given ones, UNPACK into slices without the axis.</summary>
internal static class SplitOperator
{
    public static OperatorDefinition Split { get; } = new(BuiltinOperator.Split, InferSplit, context => Prepare(context, 1, context.AxisConstant(0, context.Input(1).Shape.Length))) { MovesElements = true };

    public static OperatorDefinition SplitV { get; } = new(BuiltinOperator.SplitV, InferSplitV, context => Prepare(context, 0, context.AxisConstant(2, context.Input(0).Shape.Length))) { MovesElements = true };

    public static OperatorDefinition Unpack { get; } = new(BuiltinOperator.Unpack, InferUnpack, PrepareUnpack) { MovesElements = true };

    private static void InferSplit(ShapeContext context)
    {
        Shape input = context.Shape(1);
        if (!input.HasRank || context.KnownValues(0) is not [int wanted])
        {
            AllOutputs(context, context.Type(1), Shape.Unknown);
            return;
        }

        int axis = context.Axis(wanted, input.Rank);
        if (input[axis].IsKnown && input[axis].Value % context.OutputCount != 0)
            throw context.Fail($"splits axis {axis} of {input} into {context.OutputCount} equal parts");
        Dimension part = input[axis].IsKnown ? input[axis].Value / context.OutputCount : input[axis].Coefficient % context.OutputCount == 0 ? input[axis].CeilingDivide(context.OutputCount) : Dimension.Symbol($"({input[axis]}/{context.OutputCount})");
        AllOutputs(context, context.Type(1), input.With(axis, part));
    }

    private static void InferSplitV(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(1) is not { } sizes || context.KnownValues(2) is not [int wanted])
        {
            AllOutputs(context, context.Type(0), Shape.Unknown);
            return;
        }

        int axis = context.Axis(wanted, input.Rank);
        int open = Array.IndexOf(sizes, -1);
        int sum = sizes.Where(size => size >= 0).Sum();
        if (sizes.Length != context.OutputCount || sizes.Count(size => size < 0) > (open < 0 ? 0 : 1) || (input[axis].IsKnown && (open < 0 ? sum != input[axis].Value : sum > input[axis].Value)))
            throw context.Fail($"splits axis {axis} of {input} into [{string.Join(',', sizes)}]");
        for (int i = 0; i < sizes.Length; i++)
            context.Output(i, context.Type(0), input.With(axis, i == open ? input[axis] - sum : sizes[i]));
    }

    private static void InferUnpack(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank)
        {
            AllOutputs(context, context.Type(0), Shape.Unknown);
            return;
        }

        int axis = context.Axis(context.OptionsAs<UnpackOptions>().Axis, input.Rank);
        if (input[axis].IsKnown && input[axis].Value != context.OutputCount)
            throw context.Fail($"unpacks axis {axis} of {input} into {context.OutputCount} tensors");
        Shape part = Shape.Of([.. input.Dimensions.Where((_, d) => d != axis)]);
        Dimension[]? values = input.Rank == 1 ? context.Values(0) : null;
        for (int i = 0; i < context.OutputCount; i++)
            context.Output(i, context.Type(0), part, values is null ? null : [values[i]]);
    }

    private static void AllOutputs(ShapeContext context, TensorType type, Shape shape)
    {
        for (int i = 0; i < context.OutputCount; i++)
            context.Output(i, type, shape);
    }

    private static CompositeStep Prepare(PrepareContext context, int inputIndex, int axis)
    {
        TensorSlot input = context.Input(inputIndex);
        int[] strides = [.. input.Shape.Select((_, d) => AxisGeometry.Of(input.Shape, d).Inner)];
        var steps = new Step[context.OutputCount];
        for (int i = 0, at = 0; i < steps.Length; at += context.Output(i).Shape[axis], i++)
        {
            context.Output(i).IsNonNegative = input.IsNonNegative;
            steps[i] = new GatherStep(input, context.Output(i), at * strides[axis], context.Output(i).Shape, strides, context.ElementBytes(input), "slice");
        }

        return new CompositeStep("split", steps);
    }

    private static CompositeStep PrepareUnpack(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        int axis = context.OptionsAs<UnpackOptions>().Axis;
        axis = axis < 0 ? axis + input.Shape.Length : axis;
        int[] all = [.. input.Shape.Select((_, d) => AxisGeometry.Of(input.Shape, d).Inner)];
        int[] strides = [.. all.Where((_, d) => d != axis)];
        var steps = new Step[context.OutputCount];
        for (int i = 0; i < steps.Length; i++)
        {
            context.Output(i).IsNonNegative = input.IsNonNegative;
            steps[i] = new GatherStep(input, context.Output(i), i * all[axis], context.Output(i).Shape, strides, context.ElementBytes(input), "slice");
        }

        return new CompositeStep("unpack", steps);
    }
}
