using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>SOFTMAX over the last dimension.</summary>
internal static class SoftmaxOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Softmax, ElementwiseShapes.Unary, Prepare);

    private static FloatStep Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        if (input.Type != TensorType.Float32 || input.Shape.Length == 0)
            throw context.Fail($"has {input} as input, for which there is no kernel");
        context.Output(0).IsNonNegative = true;
        return new FloatStep(context.Kernels, input, context.Output(0), context.OptionsAs<SoftmaxOptions>().Beta);
    }

    private sealed class FloatStep(KernelSet kernels, TensorSlot input, TensorSlot output, float beta) : Step
    {
        private readonly Softmax _softmax = kernels.Softmax;

        public override string Kernel => $"{kernels.Name} softmax float";

        public override void Run(in RunContext context)
        {
            if (input.ElementCount > 0)
                _softmax.Run(context.Read<float>(input), input.Shape[^1], beta, context.Write<float>(output));
        }
    }
}
