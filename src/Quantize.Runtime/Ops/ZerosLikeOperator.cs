using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>ZEROS_LIKE: zeros of the input's shape, known as soon as that is.</summary>
internal static class ZerosLikeOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.ZerosLike, ElementwiseShapes.Unary, context => new ZeroStep(context.Output(0))) { DependsOnShapesOnly = true };

    private sealed class ZeroStep(TensorSlot output) : Step
    {
        public override string Kernel => "zeros";

        public override void Run(in RunContext context) => context.Write<byte>(output).Clear();
    }
}
