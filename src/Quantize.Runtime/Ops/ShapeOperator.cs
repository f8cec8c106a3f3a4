using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>SHAPE: the dimensions of the input, known as soon as the plan is.</summary>
internal static class ShapeOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Shape, LayoutShapes.ShapeOf, Prepare) { DependsOnShapesOnly = true };

    /// <summary>RANK: how many dimensions there are.</summary>
    public static OperatorDefinition Rank { get; } = new(BuiltinOperator.Rank, LayoutShapes.RankOf, context => new RankStep(context.Input(0), context.Output(0))) { DependsOnShapesOnly = true };

    private static ShapeStep Prepare(PrepareContext context) => new(context.Input(0), context.Output(0));

    private sealed class ShapeStep(TensorSlot input, TensorSlot output) : Step
    {
        public override string Kernel => "shape";

        public override void Run(in RunContext context)
        {
            for (int i = 0; i < input.Shape.Length; i++)
            {
                if (output.Type == TensorType.Int64)
                    context.Write<long>(output)[i] = input.Shape[i];
                else
                    context.Write<int>(output)[i] = input.Shape[i];
            }
        }
    }

    private sealed class RankStep(TensorSlot input, TensorSlot output) : Step
    {
        public override string Kernel => "rank";

        public override void Run(in RunContext context) => context.Write<int>(output)[0] = input.Shape.Length;
    }
}
