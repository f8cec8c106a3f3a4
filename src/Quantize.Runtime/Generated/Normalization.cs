using System.ComponentModel;

namespace Quantize.Runtime.Generated;

/// <summary>What generated classes make inputs with. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Normalization
{
    /// <summary>(value - mean) / deviation; mean and deviation are one for all, or one for each channel, channels innermost.</summary>
    /// <exception cref="ArgumentException">The memory is too short.</exception>
    public static void Apply(ReadOnlySpan<byte> values, Span<float> normalized, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        if (normalized.Length < values.Length)
            throw new ArgumentException($"{values.Length} values do not fit into memory for {normalized.Length}", nameof(normalized));
        for (int i = 0, channel = 0; i < values.Length; i++)
        {
            normalized[i] = (values[i] - mean[channel]) / deviation[channel];
            channel = channel + 1 == mean.Length ? 0 : channel + 1;
        }
    }
}
