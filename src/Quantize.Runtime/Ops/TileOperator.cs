using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>TILE repeats a tensor along its axes, BROADCAST_TO stretches its ones; FILL does so with a scalar.</summary>
internal static class TileOperator
{
    public static OperatorDefinition Tile { get; } = new(BuiltinOperator.Tile, InferTile, PrepareTile) { MovesElements = true };

    public static OperatorDefinition BroadcastTo { get; } = new(BuiltinOperator.BroadcastTo, InferBroadcastTo, context => PrepareStretch(context, 0)) { MovesElements = true };

    public static OperatorDefinition Fill { get; } = new(BuiltinOperator.Fill, InferFill, context => PrepareStretch(context, 1)) { MovesElements = true };

    private static void InferTile(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.Values(1) is not { } multiples)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        if (multiples.Length != input.Rank || multiples.Any(multiple => multiple.IsKnown && multiple.Value < 0))
            throw context.Fail($"repeats {input} by [{string.Join(',', multiples)}]");
        context.Output(0, context.Type(0), Shape.Of([.. input.Dimensions.Select((dimension, d) => dimension * multiples[d])]));
    }

    private static void InferBroadcastTo(ShapeContext context) => context.Output(0, context.Type(0), Wanted(context, 1));

    private static void InferFill(ShapeContext context)
    {
        Shape shape = Wanted(context, 0);
        Dimension[]? value = context.Values(1);
        bool vector = value is { Length: 1 } && shape.HasRank && shape.Rank <= 1 && shape.IsStatic;
        context.Output(0, context.Type(1), shape, vector ? [.. Enumerable.Repeat(value![0], shape.ElementCount.Value)] : null);
    }

    private static Shape Wanted(ShapeContext context, int input)
    {
        if (context.Values(input) is not { } dimensions)
            return Shape.Unknown;
        if (dimensions.Any(dimension => dimension.IsKnown && dimension.Value < 0))
            throw context.Fail($"makes the shape [{string.Join(',', dimensions)}]");
        return Shape.Of(dimensions);
    }

    private static GatherStep PrepareTile(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        long[] multiples = context.Integers(context.Input(1));
        List<int> dimensions = [], strides = [];
        for (int d = 0; d < input.Shape.Length; d++)
        {
            dimensions.AddRange([(int)multiples[d], input.Shape[d]]);
            strides.AddRange([0, AxisGeometry.Of(input.Shape, d).Inner]);
        }

        context.Output(0).IsNonNegative = input.IsNonNegative;
        return new GatherStep(input, context.Output(0), 0, [.. dimensions], [.. strides], context.ElementBytes(input), "tile");
    }

    private static GatherStep PrepareStretch(PrepareContext context, int inputIndex)
    {
        TensorSlot input = context.Input(inputIndex), output = context.Output(0);
        int missing = output.Shape.Length - input.Shape.Length;
        var strides = new int[output.Shape.Length];
        for (int d = 0; d < strides.Length; d++)
        {
            int size = d < missing ? 1 : missing < 0 ? throw context.Fail($"stretches {input} to fewer dimensions") : input.Shape[d - missing];
            if (size != 1 && size != output.Shape[d])
                throw context.Fail($"stretches {input} to [{string.Join(',', output.Shape)}]");
            strides[d] = size == 1 ? 0 : AxisGeometry.Of(input.Shape, d - missing).Inner;
        }

        output.IsNonNegative = input.IsNonNegative;
        return new GatherStep(input, output, 0, output.Shape, strides, context.ElementBytes(input), "broadcast");
    }
}
