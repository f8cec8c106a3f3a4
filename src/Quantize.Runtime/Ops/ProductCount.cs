using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>How many products an operator adds up: rules for <see cref="OperatorDefinition.MultiplyAdds"/>.</summary>
internal static class ProductCount
{
    /// <summary>Each output element folds one row of the weights [outputs, ...].</summary>
    public static long OfFirstAxis(PrepareContext context) => (long)context.Output(0).ElementCount * Slice(context.Input(1), 0);

    /// <summary>Each output element folds the filter [..., outputs] of its channel.</summary>
    public static long OfLastAxis(PrepareContext context) => (long)context.Output(0).ElementCount * Slice(context.Input(1), ^1);

    /// <summary>Each element of the input (operand 2) meets the filter [..., inputs] of its channel.</summary>
    public static long Scattered(PrepareContext context) => (long)context.Input(2).ElementCount * Slice(context.Input(1), ^1);

    /// <summary>Each output element folds a row of the left operand with a column of the right one.</summary>
    public static long OfDepth(PrepareContext context) =>
        (long)context.Output(0).ElementCount * context.Input(0).Shape[context.OptionsAs<BatchMatMulOptions>().AdjX ? ^2 : ^1];

    private static int Slice(TensorSlot weights, Index axis) => weights.ElementCount / Math.Max(1, weights.Shape[axis]);
}
