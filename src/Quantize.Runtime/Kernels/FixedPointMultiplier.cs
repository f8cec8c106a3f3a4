namespace Quantize.Runtime.Kernels;

/// <summary>
/// A factor of integer arithmetic, mantissa * 2^(shift - 31), and the ways in which TFLite's kernels round a product with it. They differ by one where a value lies near
/// the middle of two integers: which operator uses which is part of the format.
/// </summary>
internal readonly record struct FixedPointMultiplier(int Mantissa, int Shift)
{
    private const int MaximumShift = 30;

    /// <summary>The nearest factor with 31 bits of mantissa; factors below 2^-32 are 0.</summary>
    public static FixedPointMultiplier Of(double real)
    {
        if (!double.IsFinite(real) || real == 0)
            return default;
        int shift = Math.ILogB(real) + 1;
        long mantissa = (long)Math.Round(Math.ScaleB(real, 31 - shift), MidpointRounding.AwayFromZero);
        if (mantissa == 1L << 31)
            (mantissa, shift) = (mantissa / 2, shift + 1);
        if (shift < -31)
            return default;
        return shift > MaximumShift ? new(int.MaxValue, MaximumShift) : new((int)mantissa, shift);
    }

    /// <summary>Rounded to 31 bits, halves upwards, and again to the integer, halves away from zero.</summary>
    public int RoundTwice(int x) => RoundingShift(DoublingHighProduct(unchecked(x << Math.Max(Shift, 0)), Mantissa), Math.Max(-Shift, 0));

    /// <summary>As <see cref="RoundTwice"/>, with halves upwards both times: the products of the optimized kernels.</summary>
    public int RoundTwiceUp(int x)
    {
        int right = Math.Max(-Shift, 0), high = DoublingHighProduct(unchecked(x << Math.Max(Shift, 0)), Mantissa);
        return right == 0 ? high : (int)((high + (1L << (right - 1))) >> right);
    }

    /// <summary>Sums of 64 bits: 15 bits of mantissa, rounded once, halves upwards.</summary>
    public int RoundLong(long x)
    {
        long mantissa = Mantissa < 0x7FFF0000 ? (Mantissa + (1 << 15)) >> 16 : 0x7FFF;
        int shift = 15 - Shift;
        return shift <= 0 ? unchecked((int)(x * mantissa << -shift)) : unchecked((int)((x * mantissa + (1L << (shift - 1))) >> shift));
    }

    /// <summary>a * b / 2^31, halves upwards; -2^31 squared is the one product that saturates.</summary>
    public static int DoublingHighProduct(int a, int b) =>
        a == int.MinValue && b == int.MinValue ? int.MaxValue : (int)(((long)a * b + (1L << 30)) >> 31);

    /// <summary>x / 2^exponent, halves away from zero.</summary>
    public static int RoundingShift(int x, int exponent)
    {
        int mask = (int)((1L << exponent) - 1);
        int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
        return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
    }
}
