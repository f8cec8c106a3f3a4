using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>Functions of our own, so that a constant folds to the same bytes on every system. Errors are in units in the last place (ulp), measured by the tests.</summary>
internal static class Transcendental<TIsa, TFloat>
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float Overflow = 88.7228391f;
    private const float Underflow = -103.972084f;
    private const float Normal = 87;

    /// <summary>e^x within 2 ulp: x = n ln 2 + r, a Taylor polynomial of degree 6 for e^r, 2^n in two halves so that subnormal results come out right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Exp(TFloat x)
    {
        TFloat bounded = TIsa.Min(TIsa.Max(x, TIsa.Broadcast(Underflow - 1)), TIsa.Broadcast(Overflow));
        TFloat result = ExpOfBounded(bounded);
        result = TIsa.SelectLess(TIsa.Broadcast(Overflow), x, TIsa.Broadcast(float.PositiveInfinity), result);
        return TIsa.SelectLess(x, TIsa.Broadcast(Underflow), TIsa.Broadcast(0), result);
    }

    /// <summary>1 / (1 + e^-x) within 3 ulp, without cancellation on either side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Logistic(TFloat x)
    {
        TFloat one = TIsa.Broadcast(1);
        TFloat e = ExpOfNegative(TIsa.Multiply(TIsa.Abs(x), TIsa.Broadcast(-1)));
        TFloat denominator = TIsa.Add(one, e);
        return TIsa.Divide(TIsa.SelectLess(x, TIsa.Broadcast(0), e, one), denominator);
    }

    /// <summary>tanh x within 4 ulp: (1 - e^-2|x|) / (1 + e^-2|x|) with the sign of x; an odd polynomial where that would cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Tanh(TFloat x)
    {
        TFloat one = TIsa.Broadcast(1);
        TFloat magnitude = TIsa.Abs(x);
        TFloat e = ExpOfNegative(TIsa.Multiply(magnitude, TIsa.Broadcast(-2)));
        TFloat large = TIsa.Divide(TIsa.Subtract(one, e), TIsa.Add(one, e));
        large = TIsa.SelectLess(x, TIsa.Broadcast(0), TIsa.Multiply(large, TIsa.Broadcast(-1)), large);
        return TIsa.SelectLess(magnitude, TIsa.Broadcast(0.2f), TanhNearZero(x), large);
    }

    /// <summary>
    /// 1 / (1 + e^-x) within 3 ulp for |x| up to 87, beyond that what it is there: for gates, which do not care for results below 1e-37. Takes half the time of <see cref="Logistic"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat GateLogistic(TFloat x)
    {
        TFloat one = TIsa.Broadcast(1);
        return TIsa.Divide(one, TIsa.Add(one, ExpOfNormal(TIsa.Multiply(x, TIsa.Broadcast(-1)))));
    }

    /// <summary>tanh x within 4 ulp, with the same bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat GateTanh(TFloat x)
    {
        TFloat one = TIsa.Broadcast(1);
        TFloat e = ExpOfNormal(TIsa.Add(x, x));
        TFloat large = TIsa.Divide(TIsa.Subtract(e, one), TIsa.Add(e, one));
        return TIsa.SelectLess(TIsa.Abs(x), TIsa.Broadcast(0.2f), TanhNearZero(x), large);
    }

    /// <summary>
    /// ln x within 2 ulp: x = 2^e m with m in [sqrt(1/2), sqrt(2)), ln m = 2 artanh((m - 1) / (m + 1)) as an odd polynomial. -inf at 0, NaN below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Log(TFloat x)
    {
        const float SmallestNormal = 1.17549435e-38f;
        TFloat one = TIsa.Broadcast(1), zero = TIsa.Broadcast(0);
        TFloat scaled = TIsa.SelectLess(x, TIsa.Broadcast(SmallestNormal), TIsa.Multiply(x, TIsa.Broadcast(1 << 24)), x);
        TFloat e = TIsa.Add(TIsa.Exponent(scaled), TIsa.SelectLess(x, TIsa.Broadcast(SmallestNormal), TIsa.Broadcast(-24), zero));
        TFloat m = TIsa.Mantissa(scaled);
        TFloat upper = TIsa.SelectLess(TIsa.Broadcast(1.41421356f), m, one, zero);
        e = TIsa.Add(e, upper);
        m = TIsa.Multiply(m, TIsa.Subtract(one, TIsa.Multiply(upper, TIsa.Broadcast(0.5f))));
        TFloat f = TIsa.Subtract(m, one);
        TFloat s = TIsa.Divide(f, TIsa.Add(f, TIsa.Broadcast(2)));
        TFloat z = TIsa.Multiply(s, s);
        TFloat p = TIsa.Broadcast(2f / 11);
        p = TIsa.MultiplyAdd(p, z, TIsa.Broadcast(2f / 9));
        p = TIsa.MultiplyAdd(p, z, TIsa.Broadcast(2f / 7));
        p = TIsa.MultiplyAdd(p, z, TIsa.Broadcast(2f / 5));
        p = TIsa.MultiplyAdd(p, z, TIsa.Broadcast(2f / 3));
        TFloat small = TIsa.Add(TIsa.Multiply(TIsa.Multiply(p, z), s), TIsa.Multiply(e, TIsa.Broadcast(Ln2Low)));
        TFloat result = TIsa.Add(TIsa.Add(small, TIsa.Add(s, s)), TIsa.Multiply(e, TIsa.Broadcast(Ln2High)));
        result = TIsa.SelectLess(x, TIsa.Broadcast(float.PositiveInfinity), result, x); // infinity and NaN stay
        result = TIsa.SelectLess(zero, x, result, TIsa.Add(x, TIsa.Broadcast(float.NegativeInfinity)));
        return TIsa.SelectLess(x, zero, TIsa.Broadcast(float.NaN), result);
    }

    /// <summary>
    /// The error function, absolute error below 2e-7: near zero its Taylor series, beyond that 1 - e^-x^2 times a polynomial in 1 / (1 + p x)
    /// (Abramowitz and Stegun, 7.1.26).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Erf(TFloat x)
    {
        TFloat one = TIsa.Broadcast(1), magnitude = TIsa.Abs(x), square = TIsa.Multiply(x, x);
        TFloat t = TIsa.Divide(one, TIsa.MultiplyAdd(magnitude, TIsa.Broadcast(0.3275911f), one));
        TFloat p = TIsa.Broadcast(1.061405429f);
        p = TIsa.MultiplyAdd(p, t, TIsa.Broadcast(-1.453152027f));
        p = TIsa.MultiplyAdd(p, t, TIsa.Broadcast(1.421413741f));
        p = TIsa.MultiplyAdd(p, t, TIsa.Broadcast(-0.284496736f));
        p = TIsa.MultiplyAdd(p, t, TIsa.Broadcast(0.254829592f));
        TFloat large = TIsa.Subtract(one, TIsa.Multiply(TIsa.Multiply(p, t), Exp(TIsa.Multiply(square, TIsa.Broadcast(-1)))));
        large = TIsa.SelectLess(x, TIsa.Broadcast(0), TIsa.Multiply(large, TIsa.Broadcast(-1)), large);
        TFloat q = TIsa.Broadcast(1f / 216);
        q = TIsa.MultiplyAdd(q, square, TIsa.Broadcast(-1f / 42));
        q = TIsa.MultiplyAdd(q, square, TIsa.Broadcast(1f / 10));
        q = TIsa.MultiplyAdd(q, square, TIsa.Broadcast(-1f / 3));
        TFloat small = TIsa.Multiply(TIsa.MultiplyAdd(TIsa.Multiply(q, square), x, x), TIsa.Broadcast(1.12837917f));
        return TIsa.SelectLess(magnitude, TIsa.Broadcast(0.3f), small, large);
    }

    /// <summary>The greatest integer not above x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Floor(TFloat x)
    {
        TFloat nearest = TIsa.Round(x);
        return TIsa.SelectLess(x, nearest, TIsa.Subtract(nearest, TIsa.Broadcast(1)), nearest);
    }

    /// <summary>e^x of x that is not positive: the same bits as <see cref="Exp"/>, without a thought for what overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat ExpOfNegative(TFloat x) => ExpOfBounded(TIsa.MaxNative(TIsa.Broadcast(Underflow - 1), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat ExpOfBounded(TFloat x)
    {
        TFloat n = TIsa.Round(TIsa.Multiply(x, TIsa.Broadcast(Log2E)));
        TFloat half = TIsa.Round(TIsa.Multiply(n, TIsa.Broadcast(0.5f)));
        return TIsa.Multiply(TIsa.Multiply(ExpOfRest(x, n), TIsa.PowerOfTwo(half)), TIsa.PowerOfTwo(TIsa.Subtract(n, half)));
    }

    /// <summary>e^x of x bounded to where neither it nor its inverse is subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat ExpOfNormal(TFloat x)
    {
        TFloat bounded = TIsa.MinNative(TIsa.Broadcast(Normal), TIsa.MaxNative(TIsa.Broadcast(-Normal), x));
        TFloat n = TIsa.Round(TIsa.Multiply(bounded, TIsa.Broadcast(Log2E)));
        return TIsa.Multiply(ExpOfRest(bounded, n), TIsa.PowerOfTwo(n));
    }

    /// <summary>e^(x - n ln 2), whose exponent is at most half of ln 2 either way: a Taylor polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat ExpOfRest(TFloat x, TFloat n)
    {
        TFloat r = TIsa.Subtract(x, TIsa.Multiply(n, TIsa.Broadcast(Ln2High)));
        r = TIsa.Subtract(r, TIsa.Multiply(n, TIsa.Broadcast(Ln2Low)));
        TFloat p = TIsa.Broadcast(1f / 5040);
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f / 720));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f / 120));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f / 24));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f / 6));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(0.5f));
        return TIsa.MultiplyAdd(TIsa.Multiply(p, r), r, TIsa.Add(r, TIsa.Broadcast(1)));
    }

    /// <summary>The odd polynomial of tanh for |x| below 0.2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat TanhNearZero(TFloat x)
    {
        TFloat square = TIsa.Multiply(x, x);
        TFloat p = TIsa.Broadcast(62f / 2835);
        p = TIsa.MultiplyAdd(p, square, TIsa.Broadcast(-17f / 315));
        p = TIsa.MultiplyAdd(p, square, TIsa.Broadcast(2f / 15));
        p = TIsa.MultiplyAdd(p, square, TIsa.Broadcast(-1f / 3));
        return TIsa.MultiplyAdd(TIsa.Multiply(p, square), x, x);
    }
}
