using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>SELECT and SELECT_V2: an element of the second input where the condition holds, of the third elsewhere.</summary>
internal static class SelectOperator
{
    /// <summary>The condition is a scalar, one truth value per outermost slice, or of the operands' shape.</summary>
    public static OperatorDefinition Select { get; } = new(BuiltinOperator.Select, InferSelect, context => Prepare(context, bySlices: true)) { MovesElements = true };

    /// <summary>All three broadcast.</summary>
    public static OperatorDefinition SelectV2 { get; } = new(BuiltinOperator.SelectV2, InferSelectV2, context => Prepare(context, bySlices: false)) { MovesElements = true };

    private static void InferSelect(ShapeContext context) => context.Output(0, context.Type(1), context.Shape(1));

    private static void InferSelectV2(ShapeContext context)
    {
        if (context.Type(1) != context.Type(2))
            throw context.Fail($"chooses between {context.Type(1)} and {context.Type(2)}");
        Shape operands = ShapeRules.Broadcast(context, context.Shape(1), context.Shape(2));
        context.Output(0, context.Type(1), ShapeRules.Broadcast(context, context.Shape(0), operands));
    }

    private static SelectStep Prepare(PrepareContext context, bool bySlices)
    {
        TensorSlot condition = context.Input(0), a = context.Input(1), b = context.Input(2), output = context.Output(0);
        if (condition.Type != TensorType.Bool || a.Type != b.Type)
            throw context.Fail($"chooses between {a.Type} and {b.Type} by {condition.Type}");
        int[] conditionShape = condition.Shape;
        if (bySlices && conditionShape.Length == 1 && a.Shape.Length > 1)
            conditionShape = [conditionShape[0], .. Enumerable.Repeat(1, a.Shape.Length - 1)];
        output.IsNonNegative = a.IsNonNegative && b.IsNonNegative;
        return new SelectStep(condition, a, b, output, StridedWalk.Broadcast(output.Shape, conditionShape, a.Shape, b.Shape), context.ElementBytes(output));
    }

    private sealed class SelectStep(TensorSlot condition, TensorSlot a, TensorSlot b, TensorSlot output, StridedWalk walk, int elementBytes) : Step
    {
        public override string Kernel => $"select {output.Type}";

        public override void Run(in RunContext context)
        {
            switch (elementBytes)
            {
                case 1: Choose<byte>(context); break;
                case 2: Choose<short>(context); break;
                case 4: Choose<int>(context); break;
                default: Choose<long>(context); break;
            }
        }

        private void Choose<T>(in RunContext context)
            where T : unmanaged
        {
            ReadOnlySpan<bool> holds = context.Read<bool>(condition);
            ReadOnlySpan<T> whenTrue = context.Read<T>(a), whenFalse = context.Read<T>(b);
            Span<T> target = context.Write<T>(output);
            Span<int> at = stackalloc int[StridedWalk.MaximumOperands];
            Span<int> index = stackalloc int[StridedWalk.MaximumRank];
            walk.Start(at, index);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = holds[at[0]] ? whenTrue[at[1]] : whenFalse[at[2]];
                walk.Next(at, index);
            }
        }
    }
}
