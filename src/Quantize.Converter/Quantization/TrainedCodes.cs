using System.Runtime.InteropServices;
using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Quantization;

/// <summary>The codes that quantization-aware training has chosen: weights on its grid lose nothing.</summary>
internal static class TrainedCodes
{
    private const int LargestSpan = sbyte.MaxValue - sbyte.MinValue;

    /// <summary>
    /// With one scale for each of so many slices along an axis. The zero points are 0 wherever the codes allow it. Null where the weights are on no grid, on one with slices
    /// along another axis, or on one of more than 8 bits.
    /// </summary>
    public static Value? Of(Value weights, int axis, int channels)
    {
        if (weights.Grid?.Along(axis, channels) is not { } steps)
            return null;
        int inner = weights.Shape.ToArray()[(axis + 1)..].Aggregate(1, (product, dimension) => product * dimension);
        int ChannelOf(int element) => element / inner % channels;
        int[] counts = Counts(ConstantData.Floats(weights), steps, ChannelOf);
        if (ZeroPoints(counts, channels, ChannelOf) is not { } zeroPoints)
            return null;
        byte[] codes = [.. counts.Select((count, i) => unchecked((byte)(count + zeroPoints[ChannelOf(i)])))];
        Value coded = Value.Constant(weights.Name, TensorType.Int8, weights.Shape.ToArray(), codes);
        coded.Quantization = new QuantizationParameters(steps, zeroPoints, axis);
        return coded;
    }

    /// <summary>What hybrid kernels want: codes in [-127, 127], none of them moved.</summary>
    public static bool AreSymmetric(Value coded) =>
        Array.TrueForAll(coded.Quantization!.ZeroPoints, zeroPoint => zeroPoint == 0) && !MemoryMarshal.Cast<byte, sbyte>(coded.Data.Span).Contains(sbyte.MinValue);

    private static int[] Counts(ReadOnlySpan<float> numbers, float[] steps, Func<int, int> channelOf)
    {
        var counts = new int[numbers.Length];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = (int)Math.Round((double)numbers[i] / steps[channelOf(i)]);
        return counts;
    }

    private static long[]? ZeroPoints(int[] counts, int channels, Func<int, int> channelOf)
    {
        var (fewest, most) = (new int[channels], new int[channels]);
        for (int i = 0; i < counts.Length; i++)
        {
            int channel = channelOf(i);
            fewest[channel] = Math.Min(fewest[channel], counts[i]);
            most[channel] = Math.Max(most[channel], counts[i]);
        }

        if (Enumerable.Range(0, channels).Any(channel => (long)most[channel] - fewest[channel] > LargestSpan))
            return null;
        return [.. Enumerable.Range(0, channels).Select(channel => (long)Math.Min(0, sbyte.MaxValue - most[channel]) + Math.Max(0, sbyte.MinValue - fewest[channel]))];
    }
}
