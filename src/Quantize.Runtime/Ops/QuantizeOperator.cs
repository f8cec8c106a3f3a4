using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>QUANTIZE: floats, or codes of another scale, to codes by the output tensor's scale and zero point. FAKE_QUANT: to codes and back.</summary>
internal static class QuantizeOperator
{
    public static OperatorDefinition Quantize { get; } = new(BuiltinOperator.Quantize, ElementwiseShapes.ToDeclaredType, PrepareQuantize) { MayOverwrite = InPlace.Elementwise };

    public static OperatorDefinition FakeQuant { get; } = new(BuiltinOperator.FakeQuant, ElementwiseShapes.Unary, PrepareFakeQuant) { MayOverwrite = InPlace.Elementwise };

    private static Step PrepareQuantize(PrepareContext context)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        if (input.Type != TensorType.Float32)
            return Rescaling.Prepare(context, output.Type == TensorType.Int32 ? new CodeRange(int.MinValue, int.MaxValue) : CodeRange.Of(output.Type, context), "requantize");
        QuantizationParameters quantization = output.Quantization ?? throw context.Fail($"quantizes to '{output.Name}', which has no scale");
        AxisGeometry axis = quantization.PerChannel ? AxisGeometry.Of(output.Shape, quantization.Axis) : new AxisGeometry(1, 1, output.ElementCount);
        return (input.Type, output.Type) switch
        {
            (TensorType.Float32, TensorType.Int8) => new CodeStep<sbyte>(context.Kernels.AffineCodes, input, output, quantization, axis),
            (TensorType.Float32, TensorType.UInt8) => new CodeStep<byte>(context.Kernels.AffineCodes, input, output, quantization, axis),
            (TensorType.Float32, TensorType.Int16) => new CodeStep<short>(context.Kernels.AffineCodes, input, output, quantization, axis),
            _ => throw context.Fail($"quantizes {input.Type} to {output.Type}, for which there is no kernel"),
        };
    }

    private static FakeStep PrepareFakeQuant(PrepareContext context)
    {
        var options = context.OptionsAs<FakeQuantOptions>();
        if (context.Input(0).Type != TensorType.Float32 || options.NumBits is < 2 or > 16 || !(options.Min < options.Max))
            throw context.Fail($"quantizes {context.Input(0).Type} to {options.NumBits} bits in [{options.Min}, {options.Max}]");
        return new FakeStep(context.Input(0), context.Output(0), FakeRange.Of(options.Min, options.Max, options.NumBits, options.NarrowRange));
    }

    private sealed class CodeStep<T>(AffineCodes affine, TensorSlot input, TensorSlot output, QuantizationParameters quantization, AxisGeometry axis) : Step
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public override string Kernel => $"quantize {output.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> values = context.Read<float>(input);
            Span<T> codes = context.Write<T>(output);
            for (int row = 0; row < axis.Outer * axis.Length; row++)
            {
                int channel = row % axis.Length;
                Range part = (row * axis.Inner)..((row + 1) * axis.Inner);
                affine.Quantize(values[part], quantization.Scales[channel], quantization.ZeroPoints[channel], codes[part]);
            }
        }
    }

    /// <summary>The range is moved so that 0 has a code, as in training.</summary>
    private sealed class FakeStep(TensorSlot input, TensorSlot output, FakeRange range) : Step
    {
        public override string Kernel => "fake quant float";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> values = context.Read<float>(input);
            Span<float> target = context.Write<float>(output);
            (float low, float high, float scale) = (range.Low, range.High, range.Scale);
            for (int i = 0; i < target.Length; i++)
            {
                float clamped = MathF.Min(MathF.Max(values[i], low), high);
                target[i] = MathF.Floor((clamped - low) / scale + 0.5f) * scale + low;
            }
        }
    }
}
