using System.Runtime.InteropServices;
using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Quantization;

/// <summary>
/// 8-bit codes in [-127, 127] with zero point 0: scale = max|w| / 127, code = w / scale rounded half away from zero. Computed in double and rounded once,
/// which gives the scales and codes of Google's converter bit for bit.
/// </summary>
internal static class SymmetricInt8
{
    private const double LargestCode = 127;

    /// <summary>What Google's converter takes for the largest weight of a channel of zeros.</summary>
    private const double LargestOfZeros = 5e-7;

    /// <summary>One scale for each slice along <paramref name="axis"/>.</summary>
    public static Value QuantizePerChannel(Value weights, int axis)
    {
        int[] shape = weights.Shape.ToArray();
        int inner = shape[(axis + 1)..].Aggregate(1, (product, dimension) => product * dimension);
        return Quantize(weights, shape[axis], inner, axis);
    }

    public static Value QuantizePerTensor(Value weights) => Quantize(weights, 1, ConstantData.Floats(weights).Length, 0);

    private static Value Quantize(Value weights, int channels, int inner, int axis)
    {
        ReadOnlySpan<float> numbers = ConstantData.Floats(weights);
        double[] scales = Scales(numbers, channels, inner);
        var codes = new byte[numbers.Length];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = (byte)(sbyte)Math.Clamp(Math.Round(numbers[i] / scales[i / inner % channels], MidpointRounding.AwayFromZero), -LargestCode, LargestCode);

        Value quantized = Value.Constant(weights.Name, TensorType.Int8, weights.Shape.ToArray(), codes);
        quantized.Quantization = new QuantizationParameters([.. scales.Select(scale => (float)scale)], new long[channels], axis);
        return quantized;
    }

    private static double[] Scales(ReadOnlySpan<float> numbers, int channels, int inner)
    {
        var largest = new float[channels];
        for (int i = 0; i < numbers.Length; i++)
        {
            ref float channel = ref largest[i / inner % channels];
            channel = Math.Max(channel, Math.Abs(numbers[i]));
        }

        return [.. largest.Select(number => (number == 0 ? LargestOfZeros : number) / LargestCode)];
    }
}
