using System.Numerics;

namespace Quantize.Runtime.Kernels;

/// <summary>Codes of one scale: real = scale * (code - zeroPoint). Halves are rounded away from zero, and what lies outside the type's range gets its nearest code.</summary>
internal static class AffineCodes
{
    public static void Quantize<T>(ReadOnlySpan<float> values, float scale, long zeroPoint, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        for (int i = 0; i < values.Length; i++)
            codes[i] = T.CreateSaturating(MathF.Round(values[i] / scale, MidpointRounding.AwayFromZero) + zeroPoint);
    }

    public static void Dequantize<T>(ReadOnlySpan<T> codes, float scale, long zeroPoint, Span<float> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < codes.Length; i++)
            values[i] = scale * (long.CreateTruncating(codes[i]) - zeroPoint);
    }
}
