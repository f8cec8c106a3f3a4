using System.Numerics;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// The Newton iterations by which TFLite's integer kernels divide and take roots: numbers of 32 bits, of which the first few are integral. Every product is rounded as
/// <see cref="FixedPointMultiplier.DoublingHighProduct"/> does, so the results are the same to the bit.
/// </summary>
internal static class FixedPointReciprocal
{
    private const int FortyEightSeventeenths = 1515870810; // with 2 integral bits
    private const int MinusThirtyTwoSeventeenths = -1010580540; // with 2 integral bits
    private const int HalfRootOfTwo = 1518500250; // with none
    private const int OneAndAHalf = (1 << 28) + (1 << 27); // with 3
    private const int InverseRootIterations = 5;

    /// <summary>1 / x for x > 0 as mantissa * 2^-(31 + bits), the mantissa with 31 fractional bits.</summary>
    public static int OfInteger(int x, out int bits)
    {
        int headroom = BitOperations.LeadingZeroCount((uint)x);
        bits = 31 - headroom;
        return OfOnePlus(unchecked((int)(((uint)x << headroom) - (1u << 31))));
    }

    /// <summary>1 / sqrt(x) for x > 0 as mantissa * 2^(shift - 31).</summary>
    public static FixedPointMultiplier InverseRoot(int x)
    {
        if (x <= 1)
            return new FixedPointMultiplier(int.MaxValue, 0);
        int shift = 11;
        for (; x >= 1 << 29; shift++)
            x /= 4;
        int pairs = (BitOperations.LeadingZeroCount((uint)x) - 1) / 2 - 1;
        shift -= pairs;
        x <<= 2 * pairs;
        int half = RoundingHalf(x >> 1), root = 1 << 28;
        for (int i = 0; i < InverseRootIterations; i++)
        {
            int cube = ShiftLeft(Multiply(Multiply(root, root), root), 6);
            root = ShiftLeft(unchecked(Multiply(OneAndAHalf, root) - Multiply(half, cube)), 3);
        }

        root = Multiply(root, HalfRootOfTwo);
        return shift < 0 ? new FixedPointMultiplier(root << -shift, 0) : new FixedPointMultiplier(root, -shift);
    }

    /// <summary>1 / (1 + a) for a in [0, 1), 31 fractional bits.</summary>
    private static int OfOnePlus(int a)
    {
        int half = (int)(((long)a + int.MaxValue + 1) / 2);
        int x = unchecked(FortyEightSeventeenths + Multiply(half, MinusThirtyTwoSeventeenths));
        for (int i = 0; i < 3; i++)
        {
            int rest = unchecked((1 << 29) - Multiply(half, x));
            x = unchecked(x + ShiftLeft(Multiply(x, rest), 2));
        }

        return ShiftLeft(x, 1);
    }

    private static int Multiply(int a, int b) => FixedPointMultiplier.DoublingHighProduct(a, b);

    private static int RoundingHalf(int x) => FixedPointMultiplier.RoundingShift(x, 1);

    private static int ShiftLeft(int x, int bits) => (int)Math.Clamp((long)x << bits, int.MinValue, int.MaxValue);
}
