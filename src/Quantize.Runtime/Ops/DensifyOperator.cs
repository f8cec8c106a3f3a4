using Quantize.Runtime.Format;

namespace Quantize.Runtime.Ops;

/// <summary>DENSIFY: a constant that is stored without its zeros, with them. Every constant is read so already; what is left is the name.</summary>
internal static class DensifyOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Densify, ElementwiseShapes.Unary, context => new CopyStep(context.Input(0), context.Output(0)));
}
