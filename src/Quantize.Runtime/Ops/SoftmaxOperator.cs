using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>SOFTMAX over the last dimension.</summary>
internal static class SoftmaxOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Softmax, ElementwiseShapes.FloatOrDeclaredType, Prepare) { MayOverwrite = InPlace.FloatRows, WidensHalves = true };

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        float beta = context.OptionsAs<SoftmaxOptions>().Beta;
        if (input.Shape.Length == 0)
            throw context.Fail($"has {input} as input, for which there is no kernel");
        output.IsNonNegative = true;
        return (input.Type, output.Type) switch
        {
            (TensorType.Float32, TensorType.Float32) => new FloatStep(context.Kernels, input, output, beta),
            (TensorType.Int8, TensorType.Int8) => new IntegerSoftmaxStep<sbyte, sbyte>(context, beta),
            (TensorType.Int8, TensorType.Int16) => new IntegerSoftmaxStep<sbyte, short>(context, beta),
            (TensorType.UInt8, TensorType.UInt8) => new IntegerSoftmaxStep<byte, byte>(context, beta),
            (TensorType.UInt8, TensorType.Int16) => new IntegerSoftmaxStep<byte, short>(context, beta),
            (TensorType.Int16, TensorType.Int16) => new WideSoftmaxStep(context, beta),
            _ => throw context.Fail($"makes {output.Type} of {input}, for which there is no kernel"),
        };
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
