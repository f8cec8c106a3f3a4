using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>DEQUANTIZE: codes (per tensor or per channel) or half floats to floats. A constant is expanded once, when the plan is made.</summary>
internal static class DequantizeOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Dequantize, ElementwiseShapes.Dequantize, Prepare);

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        if (input.Type == TensorType.Float16)
            return new HalfStep(input, context.Output(0));
        QuantizationParameters quantization = input.Quantization ?? throw context.Fail($"dequantizes '{input.Name}', which has no scale");
        AxisGeometry axis = quantization.PerChannel ? AxisGeometry.Of(input.Shape, quantization.Axis) : new AxisGeometry(1, 1, input.ElementCount);
        return input.Type switch
        {
            TensorType.Int8 => new CodeStep<sbyte>(context.Kernels.AffineCodes, input, context.Output(0), quantization, axis),
            TensorType.UInt8 => new CodeStep<byte>(context.Kernels.AffineCodes, input, context.Output(0), quantization, axis),
            TensorType.Int16 => new CodeStep<short>(context.Kernels.AffineCodes, input, context.Output(0), quantization, axis),
            TensorType.Int32 => new CodeStep<int>(context.Kernels.AffineCodes, input, context.Output(0), quantization, axis),
            TensorType.Int4 or TensorType.Int2 => new PackedStep(input, context.Output(0), quantization, axis),
            _ => throw context.Fail($"dequantizes {input.Type}, for which there is no kernel"),
        };
    }

    private sealed class CodeStep<T>(AffineCodes affine, TensorSlot input, TensorSlot output, QuantizationParameters quantization, AxisGeometry axis) : Step
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        public override string Kernel => $"dequantize {input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> codes = context.Read<T>(input);
            Span<float> values = context.Write<float>(output);
            for (int row = 0; row < axis.Outer * axis.Length; row++)
            {
                int channel = row % axis.Length;
                Range part = (row * axis.Inner)..((row + 1) * axis.Inner);
                affine.Dequantize(codes[part], quantization.Scales[channel], quantization.ZeroPoints[channel], values[part]);
            }
        }
    }

    /// <summary>Codes of less than a byte.</summary>
    private sealed class PackedStep(TensorSlot input, TensorSlot output, QuantizationParameters quantization, AxisGeometry axis) : Step
    {
        public override string Kernel => $"dequantize {input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> packed = context.Read<byte>(input);
            Span<float> values = context.Write<float>(output);
            int bits = input.Type.Bits();
            for (int i = 0; i < values.Length; i++)
            {
                int channel = i / axis.Inner % axis.Length;
                values[i] = quantization.Scales[channel] * (PackedCodes.At(packed, i, bits) - quantization.ZeroPoints[channel]);
            }
        }
    }

    private sealed class HalfStep(TensorSlot input, TensorSlot output) : Step
    {
        public override string Kernel => "dequantize Float16";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<Half> halves = context.Read<Half>(input);
            Span<float> values = context.Write<float>(output);
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)halves[i];
        }
    }
}
