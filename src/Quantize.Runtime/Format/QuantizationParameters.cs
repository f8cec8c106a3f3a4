namespace Quantize.Runtime.Format;

/// <summary>real = scale * (code - zeroPoint); one entry for the tensor, or one for each slice along <see cref="Axis"/>.</summary>
internal sealed record QuantizationParameters(float[] Scales, long[] ZeroPoints, int Axis)
{
    public bool PerChannel => Scales.Length > 1;
}
