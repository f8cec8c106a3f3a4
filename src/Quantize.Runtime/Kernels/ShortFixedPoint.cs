namespace Quantize.Runtime.Kernels;

/// <summary>
/// Logistic and tanh of 16-bit numbers as TFLite's integer kernels compute them: a polynomial and a chain of factors for e^x, Newton's iteration for the quotient, every product rounded to 15
/// bits, halves away from zero. A number with k integral bits has 15 - k fractional ones; results have no integral bits.
/// </summary>
internal static class ShortFixedPoint
{
    private const int One = short.MaxValue;
    private const int Half = 1 << 14;
    private const int OneOfTwoBits = 1 << 13;
    private const int Third = 10923;
    private const int FortyEightSeventeenths = 23130; // with 2 integral bits
    private const int MinusThirtyTwoSeventeenths = -15420; // with 2 integral bits
    private const int ExpOfMinusEighth = 28918;
    private const int FirstExponent = -2;

    /// <summary>e^-(2^n) for n from <see cref="FirstExponent"/> on.</summary>
    private static readonly int[] s_factors = [25520, 19875, 12055, 4435, 600, 11, 0];

    /// <summary>1 / (1 + e^-x).</summary>
    public static short Logistic(int x, int integralBits)
    {
        if (x == 0)
            return Half;
        int positive = Saturate(Inverse(ExpOfNegative(-Math.Abs(x), integralBits)) << 1);
        return (short)(x > 0 ? positive : One - positive);
    }

    /// <summary>tanh x: (1 - e^-2|x|) / (1 + e^-2|x|) with the sign of x.</summary>
    public static short Tanh(int x, int integralBits)
    {
        if (x == 0)
            return 0;
        int magnitude = Saturate((Inverse(ExpOfNegative(-Math.Abs(x), integralBits + 1)) - OneOfTwoBits) << 2);
        return (short)(x < 0 ? -magnitude : magnitude);
    }

    /// <summary>a * b / 2^15; -2^15 squared is the one product that saturates.</summary>
    public static int Multiply(int a, int b)
    {
        int product = a * b;
        return Math.Min((product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15), short.MaxValue);
    }

    public static int Saturate(int x) => Math.Clamp(x, short.MinValue, short.MaxValue);

    /// <summary>e^x for x &lt;= 0: the part below a quarter by a polynomial, the rest as a product of e^-(1/4), e^-(1/2), e^-1 ...</summary>
    private static int ExpOfNegative(int x, int integralBits)
    {
        if (x == 0)
            return One;
        int fractionalBits = 15 - integralBits, quarter = 1 << (fractionalBits - 2);
        if (integralBits > 5 && x < -(32 << fractionalBits))
            return 0;
        int belowQuarter = (x & (quarter - 1)) - quarter, rest = belowQuarter - x;
        int result = ExpNearMinusEighth(belowQuarter << integralBits);
        for (int exponent = FirstExponent; exponent < Math.Min(integralBits, FirstExponent + s_factors.Length); exponent++)
        {
            if ((rest & (1 << (fractionalBits + exponent))) != 0)
                result = Multiply(result, s_factors[exponent - FirstExponent]);
        }

        return result;
    }

    /// <summary>e^a for a in [-1/4, 0): the Taylor polynomial around -1/8.</summary>
    private static int ExpNearMinusEighth(int a)
    {
        int x = a + (1 << 12), square = Multiply(x, x), cube = Multiply(square, x), fourth = Multiply(square, square);
        int higher = FixedPointMultiplier.RoundingShift(Multiply(FixedPointMultiplier.RoundingShift(fourth, 2) + cube, Third) + square, 1);
        return ExpOfMinusEighth + Multiply(ExpOfMinusEighth, x + higher);
    }

    /// <summary>2 / (1 + a) for a in [0, 1], with 2 integral bits.</summary>
    private static int Inverse(int a)
    {
        int half = (a + One + 1) / 2, x = FortyEightSeventeenths + Multiply(half, MinusThirtyTwoSeventeenths);
        for (int i = 0; i < 3; i++)
            x += Saturate(Multiply(x, OneOfTwoBits - Multiply(half, x)) << 2);
        return x;
    }
}
