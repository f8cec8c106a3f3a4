namespace Quantize.Runtime.Ops;

/// <summary>Sums of quantized activations and weights as floats.</summary>
internal static class HybridOutput
{
    /// <summary>clamp(sum * output scale * activation scale + bias) for each channel; one output scale for all, or one for each.</summary>
    public static void Write<T>(ReadOnlySpan<T> sums, float scale, ReadOnlySpan<float> outputScales, ReadOnlySpan<float> bias, ActivationRange range, Span<float> output)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        int step = outputScales.Length == 1 ? 0 : 1;
        for (int c = 0; c < output.Length; c++)
            output[c] = MathF.Min(MathF.Max(float.CreateTruncating(sums[c]) * outputScales[c * step] * scale + bias[c], range.Minimum), range.Maximum);
    }
}
