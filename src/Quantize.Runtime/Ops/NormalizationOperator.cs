using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>L2_NORMALIZATION and LOCAL_RESPONSE_NORMALIZATION over the last dimension.</summary>
internal static class NormalizationOperator
{
    public static OperatorDefinition L2 { get; } = new(BuiltinOperator.L2Normalization, ElementwiseShapes.Unary, PrepareL2);

    public static OperatorDefinition LocalResponse { get; } = new(BuiltinOperator.LocalResponseNormalization, ElementwiseShapes.Unary, PrepareLocalResponse);

    private static Step PrepareL2(PrepareContext context)
    {
        if (context.OptionsAs<L2NormOptions>().Activation != ActivationFunction.None)
            throw context.Fail($"has the fused activation {context.OptionsAs<L2NormOptions>().Activation}, for which there is no kernel");
        context.Output(0).IsNonNegative = context.Input(0).IsNonNegative;
        return context.Input(0) switch
        {
            { Type: TensorType.Int8, Shape.Length: > 0 } => new IntegerL2NormStep<sbyte>(context),
            { Type: TensorType.UInt8, Shape.Length: > 0 } => new IntegerL2NormStep<byte>(context),
            _ => new L2Step(RequireFloat(context), context.Output(0)),
        };
    }

    private static LocalResponseStep PrepareLocalResponse(PrepareContext context) =>
        new(RequireFloat(context), context.Output(0), context.OptionsAs<LocalResponseNormalizationOptions>());

    private static TensorSlot RequireFloat(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        return input.Type == TensorType.Float32 && input.Shape.Length > 0 ? input : throw context.Fail($"normalizes {input}, for which there is no kernel");
    }

    private sealed class L2Step(TensorSlot input, TensorSlot output) : Step
    {
        private const float Epsilon = 1e-6f;

        public override string Kernel => "l2 normalization float";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> source = context.Read<float>(input);
            Span<float> target = context.Write<float>(output);
            int length = input.Shape[^1];
            for (int at = 0; at < source.Length; at += length)
            {
                float sum = 0;
                foreach (float value in source.Slice(at, length))
                    sum += value * value;
                float norm = MathF.Max(MathF.Sqrt(sum), Epsilon);
                for (int i = at; i < at + length; i++)
                    target[i] = source[i] / norm;
            }
        }
    }

    /// <summary>x / (bias + alpha * sum of squares within the radius) ^ beta.</summary>
    private sealed class LocalResponseStep(TensorSlot input, TensorSlot output, LocalResponseNormalizationOptions options) : Step
    {
        public override string Kernel => "local response normalization float";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> source = context.Read<float>(input);
            Span<float> target = context.Write<float>(output);
            int length = input.Shape[^1];
            for (int at = 0; at < source.Length; at += length)
            {
                for (int c = 0; c < length; c++)
                {
                    float sum = 0;
                    for (int i = Math.Max(0, c - options.Radius); i <= Math.Min(length - 1, c + options.Radius); i++)
                        sum += source[at + i] * source[at + i];
                    target[at + c] = source[at + c] * (float)Math.Pow(options.Bias + options.Alpha * sum, -options.Beta);
                }
            }
        }
    }
}
