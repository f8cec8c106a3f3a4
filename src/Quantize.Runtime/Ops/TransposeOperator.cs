using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>TRANSPOSE by a constant permutation.</summary>
internal static class TransposeOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Transpose, LayoutShapes.Transpose, Prepare) { MovesElements = true };

    private static GatherStep Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        long[] permutation = context.Integers(context.Input(1));
        var strides = new int[permutation.Length];
        for (int d = 0; d < strides.Length; d++)
        {
            int axis = (int)(permutation[d] < 0 ? permutation[d] + strides.Length : permutation[d]);
            strides[d] = AxisGeometry.Of(input.Shape, axis).Inner;
        }

        context.Output(0).IsNonNegative = input.IsNonNegative;
        return new GatherStep(input, context.Output(0), 0, context.Output(0).Shape, strides, context.ElementBytes(input), "transpose");
    }
}
