using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Where the taps of each input pixel of a transposed convolution land in the output.</summary>
internal sealed class TransposedTaps(int[] input, int[] filter, int[] output, TransposeConvOptions options, int top, int left)
{
    /// <summary>Elements of one output image.</summary>
    public int OutputLength { get; } = checked(output[1] * output[2] * output[3]);

    /// <summary>[outputs, height, width, inputs] -> [height, width, outputs, inputs].</summary>
    public static T[] First<T>(T[] filter, int[] shape)
    {
        int taps = shape[1] * shape[2], inputs = shape[3];
        var result = new T[filter.Length];
        for (int channel = 0; channel < shape[0]; channel++)
        {
            for (int tap = 0; tap < taps; tap++)
                filter.AsSpan((channel * taps + tap) * inputs, inputs).CopyTo(result.AsSpan((tap * shape[0] + channel) * inputs));
        }

        return result;
    }

    /// <summary>Adds one input pixel's taps [height, width, outputs], each worth so much.</summary>
    public void Add(int pixel, ReadOnlySpan<int> taps, int worth, Span<long> sums)
    {
        int y = pixel / input[2], x = pixel % input[2], channels = output[3], at = 0;
        for (int i = 0; i < filter[1]; i++)
        {
            for (int j = 0; j < filter[2]; j++, at += channels)
            {
                int row = y * options.StrideH - top + i, column = x * options.StrideW - left + j;
                if ((uint)row >= (uint)output[1] || (uint)column >= (uint)output[2])
                    continue;
                Span<long> target = sums.Slice((row * output[2] + column) * channels, channels);
                for (int c = 0; c < channels; c++)
                    target[c] += (long)taps[at + c] * worth;
            }
        }
    }
}
