using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>The operators that give the same elements another shape.</summary>
internal static class ReshapeOperator
{
    public static OperatorDefinition Reshape { get; } = Of(BuiltinOperator.Reshape, LayoutShapes.Reshape);

    public static OperatorDefinition Squeeze { get; } = Of(BuiltinOperator.Squeeze, LayoutShapes.Squeeze);

    public static OperatorDefinition ExpandDims { get; } = Of(BuiltinOperator.ExpandDims, LayoutShapes.ExpandDims);

    private static OperatorDefinition Of(BuiltinOperator code, Action<ShapeContext> shapes) => new(code, shapes, Prepare) { KeepsElements = true };

    private static Step Prepare(PrepareContext context)
    {
        context.Output(0).IsNonNegative = context.Input(0).IsNonNegative;
        return CopyStep.Of(context.Input(0), context.Output(0));
    }
}
