using System.Numerics;

namespace Quantize.Runtime.Kernels;

/// <summary>Sums of products become codes: each output times its factor, rounded, plus the zero point, clamped.</summary>
internal sealed class Requantization(FixedPointMultiplier[] multipliers, FixedPointRounding rounding, int zeroPoint, int minimum, int maximum)
{
    /// <summary>One row: a sum for each output from <paramref name="first"/> on.</summary>
    public void Row<T>(ReadOnlySpan<int> sums, int first, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        switch (rounding)
        {
            case FixedPointRounding.Once: Row<T, OnceRounded>(sums, first, codes); break;
            case FixedPointRounding.Twice: Row<T, TwiceRounded>(sums, first, codes); break;
            default: Row<T, TwiceRoundedUp>(sums, first, codes); break;
        }
    }

    /// <summary>One row of 64-bit sums.</summary>
    public void Row<T>(ReadOnlySpan<long> sums, int first, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        int step = multipliers.Length == 1 ? 0 : 1;
        for (int n = 0, at = first * step; n < sums.Length; n++, at += step)
            codes[n] = T.CreateTruncating(Math.Clamp(multipliers[at].RoundLong(sums[n]) + zeroPoint, minimum, maximum));
    }

    /// <summary>One row of sums in 64 bits whose lower half counts.</summary>
    public void LowRow<T>(ReadOnlySpan<long> sums, int first, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        int step = multipliers.Length == 1 ? 0 : 1;
        for (int n = 0, at = first * step; n < sums.Length; n++, at += step)
            codes[n] = T.CreateTruncating(Math.Clamp(unchecked(multipliers[at].Multiply((int)sums[n], rounding) + zeroPoint), minimum, maximum));
    }

    private void Row<T, TRounding>(ReadOnlySpan<int> sums, int first, Span<T> codes)
        where T : unmanaged, IBinaryInteger<T>
        where TRounding : struct, IRounding
    {
        int step = multipliers.Length == 1 ? 0 : 1;
        for (int n = 0, at = first * step; n < sums.Length; n++, at += step)
            codes[n] = T.CreateTruncating(Math.Clamp(unchecked(TRounding.Multiply(sums[n], multipliers[at]) + zeroPoint), minimum, maximum));
    }

    private interface IRounding
    {
        static abstract int Multiply(int sum, FixedPointMultiplier multiplier);
    }

    private readonly struct OnceRounded : IRounding
    {
        public static int Multiply(int sum, FixedPointMultiplier multiplier) => multiplier.RoundOnce(sum);
    }

    private readonly struct TwiceRounded : IRounding
    {
        public static int Multiply(int sum, FixedPointMultiplier multiplier) => multiplier.RoundTwice(sum);
    }

    private readonly struct TwiceRoundedUp : IRounding
    {
        public static int Multiply(int sum, FixedPointMultiplier multiplier) => multiplier.RoundTwiceUp(sum);
    }
}
