using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Activations with an option: LEAKY_RELU, GELU; and LOG_SOFTMAX.</summary>
internal static class ActivationOperator
{
    public static OperatorDefinition LeakyRelu { get; } = new(BuiltinOperator.LeakyRelu, ElementwiseShapes.Unary, PrepareLeakyRelu) { MayOverwrite = InPlace.Elementwise, WidensHalves = true };

    public static OperatorDefinition Gelu { get; } = new(BuiltinOperator.Gelu, ElementwiseShapes.Unary, PrepareGelu) { MayOverwrite = InPlace.Elementwise, WidensHalves = true };

    public static OperatorDefinition LogSoftmax { get; } = new(BuiltinOperator.LogSoftmax, ElementwiseShapes.Unary, PrepareLogSoftmax) { WidensHalves = true };

    private static Step PrepareLeakyRelu(PrepareContext context)
    {
        float alpha = context.OptionsAs<LeakyReluOptions>().Alpha;
        return IntegerFunction.Applies(context) ? IntegerPiecewise.LeakyRelu(context, alpha) : new LeakyReluStep(RequireFloat(context), context.Output(0), context.Kernels, alpha);
    }

    private static Step PrepareGelu(PrepareContext context)
    {
        bool approximate = context.OptionsAs<GeluOptions>().Approximate;
        return IntegerFunction.Applies(context)
            ? IntegerFunction.Prepare(context, approximate ? UnaryFunction.GeluTanh : UnaryFunction.GeluErf)
            : new GeluStep(RequireFloat(context), context.Output(0), context.Kernels, approximate);
    }

    private static Step PrepareLogSoftmax(PrepareContext context) => context.Input(0) switch
    {
        { Type: TensorType.Int8, Shape.Length: > 0 } => new IntegerLogSoftmaxStep<sbyte>(context),
        { Type: TensorType.UInt8, Shape.Length: > 0 } => new IntegerLogSoftmaxStep<byte>(context),
        _ => new LogSoftmaxStep(RequireFloat(context), context.Output(0), context.Kernels),
    };

    private static TensorSlot RequireFloat(PrepareContext context) =>
        context.Input(0).Type == TensorType.Float32 ? context.Input(0) : throw context.Fail($"has {context.Input(0).Type} input, for which there is no kernel");

    private sealed class LeakyReluStep(TensorSlot input, TensorSlot output, KernelSet kernels, float alpha) : Step
    {
        public override string Kernel => $"{kernels.Name} leaky relu float";

        public override void Run(in RunContext context) => kernels.Elementwise.Binary(
            BinaryFunction.Prelu, context.Read<float>(input), new ReadOnlySpan<float>(in alpha), context.Write<float>(output), float.NegativeInfinity, float.PositiveInfinity);
    }

    private sealed class GeluStep(TensorSlot input, TensorSlot output, KernelSet kernels, bool approximate) : Step
    {
        private readonly UnaryFunction _function = approximate ? UnaryFunction.GeluTanh : UnaryFunction.GeluErf;

        public override string Kernel => $"{kernels.Name} {_function.ToString().ToLowerInvariant()} float";

        public override void Run(in RunContext context) => kernels.Elementwise.Unary(_function, context.Read<float>(input), context.Write<float>(output));
    }

    /// <summary>x - max - ln(sum of exp(x - max)) over the last dimension.</summary>
    private sealed class LogSoftmaxStep(TensorSlot input, TensorSlot output, KernelSet kernels) : Step
    {
        public override string Kernel => $"{kernels.Name} log softmax float";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> source = context.Read<float>(input);
            Span<float> target = context.Write<float>(output);
            int length = input.Shape.Length == 0 ? 1 : input.Shape[^1];
            Span<float> one = stackalloc float[1];
            for (int at = 0; at < source.Length; at += length)
            {
                ReadOnlySpan<float> row = source.Slice(at, length);
                Span<float> result = target.Slice(at, length);
                var axis = new AxisGeometry(1, length, 1);
                kernels.Reduction.Run(Fold.Maximum, row, axis, one);
                float greatest = one[0];
                kernels.Elementwise.Binary(BinaryFunction.Subtract, row, new ReadOnlySpan<float>(in greatest), result, float.NegativeInfinity, float.PositiveInfinity);
                kernels.Elementwise.Unary(UnaryFunction.Exp, result, result);
                kernels.Reduction.Run(Fold.Sum, result, axis, one);
                kernels.Elementwise.Unary(UnaryFunction.Log, one, one);
                float logarithm = one[0];
                kernels.Elementwise.Binary(BinaryFunction.Subtract, row, new ReadOnlySpan<float>(in greatest), result, float.NegativeInfinity, float.PositiveInfinity);
                kernels.Elementwise.Binary(BinaryFunction.Subtract, result, new ReadOnlySpan<float>(in logarithm), result, float.NegativeInfinity, float.PositiveInfinity);
            }
        }
    }
}
