using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>SPACE_TO_DEPTH folds blocks of pixels into channels, DEPTH_TO_SPACE unfolds them; [batch, height, width, channels].</summary>
internal static class SpaceDepthOperator
{
    public static OperatorDefinition SpaceToDepth { get; } = new(BuiltinOperator.SpaceToDepth, InferSpaceToDepth, PrepareSpaceToDepth);

    public static OperatorDefinition DepthToSpace { get; } = new(BuiltinOperator.DepthToSpace, InferDepthToSpace, PrepareDepthToSpace);

    private static void InferSpaceToDepth(ShapeContext context)
    {
        int block = context.OptionsAs<SpaceToDepthOptions>().BlockSize;
        Shape input = context.Shape(0, rank: 4);
        if (!input.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        context.Output(0, context.Type(0), Shape.Of(input[0], Divide(context, input, 1, block), Divide(context, input, 2, block), input[3] * (block * block)));
    }

    private static void InferDepthToSpace(ShapeContext context)
    {
        int block = context.OptionsAs<DepthToSpaceOptions>().BlockSize;
        Shape input = context.Shape(0, rank: 4);
        context.Output(0, context.Type(0), !input.HasRank ? Shape.Unknown : Shape.Of(input[0], input[1] * block, input[2] * block, Divide(context, input, 3, block * block)));
    }

    private static Dimension Divide(ShapeContext context, Shape input, int axis, int divisor)
    {
        if (divisor <= 0 || (input[axis].IsKnown && input[axis].Value % divisor != 0))
            throw context.Fail($"cuts dimension {axis} of {input} into {divisor} equal parts");
        return input[axis].CeilingDivide(divisor);
    }

    private static GatherStep PrepareSpaceToDepth(PrepareContext context)
    {
        int block = context.OptionsAs<SpaceToDepthOptions>().BlockSize;
        TensorSlot input = context.Input(0);
        int[] to = context.Output(0).Shape;
        int channels = input.Shape[3], row = input.Shape[2] * channels;
        context.Output(0).IsNonNegative = input.IsNonNegative;
        return new GatherStep(
            input, context.Output(0), 0, [to[0], to[1], to[2], block, block, channels], [input.Shape[1] * row, block * row, block * channels, row, channels, 1],
            context.ElementBytes(input), "space to depth");
    }

    private static GatherStep PrepareDepthToSpace(PrepareContext context)
    {
        int block = context.OptionsAs<DepthToSpaceOptions>().BlockSize;
        TensorSlot input = context.Input(0);
        int[] from = input.Shape;
        int channels = context.Output(0).Shape[3], row = from[2] * from[3];
        context.Output(0).IsNonNegative = input.IsNonNegative;
        return new GatherStep(
            input, context.Output(0), 0, [from[0], from[1], block, from[2], block, channels], [from[1] * row, row, block * channels, from[3], channels, 1],
            context.ElementBytes(input), "depth to space");
    }
}
