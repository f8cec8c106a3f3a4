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

    /// <summary>e^x within 2 ulp: x = n ln 2 + r, a Taylor polynomial of degree 6 for e^r, 2^n in two halves so that subnormal results come out right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Exp(TFloat x)
    {
        TFloat bounded = TIsa.Min(TIsa.Max(x, TIsa.Broadcast(Underflow - 1)), TIsa.Broadcast(Overflow));
        TFloat n = TIsa.Round(TIsa.Multiply(bounded, TIsa.Broadcast(Log2E)));
        TFloat r = TIsa.Subtract(bounded, TIsa.Multiply(n, TIsa.Broadcast(Ln2High)));
        r = TIsa.Subtract(r, TIsa.Multiply(n, TIsa.Broadcast(Ln2Low)));
        TFloat p = TIsa.Broadcast(1f / 5040);
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f / 720));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f / 120));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f / 24));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(1f / 6));
        p = TIsa.MultiplyAdd(p, r, TIsa.Broadcast(0.5f));
        p = TIsa.MultiplyAdd(TIsa.Multiply(p, r), r, TIsa.Add(r, TIsa.Broadcast(1)));
        TFloat half = TIsa.Round(TIsa.Multiply(n, TIsa.Broadcast(0.5f)));
        TFloat result = TIsa.Multiply(TIsa.Multiply(p, TIsa.PowerOfTwo(half)), TIsa.PowerOfTwo(TIsa.Subtract(n, half)));
        result = TIsa.SelectLess(TIsa.Broadcast(Overflow), x, TIsa.Broadcast(float.PositiveInfinity), result);
        return TIsa.SelectLess(x, TIsa.Broadcast(Underflow), TIsa.Broadcast(0), result);
    }

    /// <summary>1 / (1 + e^-x), without cancellation on either side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Logistic(TFloat x)
    {
        TFloat one = TIsa.Broadcast(1);
        TFloat e = Exp(TIsa.Multiply(TIsa.Abs(x), TIsa.Broadcast(-1)));
        TFloat denominator = TIsa.Add(one, e);
        return TIsa.Divide(TIsa.SelectLess(x, TIsa.Broadcast(0), e, one), denominator);
    }

    /// <summary>(1 - e^-2|x|) / (1 + e^-2|x|) with the sign of x; an odd polynomial where that would cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Tanh(TFloat x)
    {
        TFloat one = TIsa.Broadcast(1);
        TFloat magnitude = TIsa.Abs(x);
        TFloat e = Exp(TIsa.Multiply(magnitude, TIsa.Broadcast(-2)));
        TFloat large = TIsa.Divide(TIsa.Subtract(one, e), TIsa.Add(one, e));
        large = TIsa.SelectLess(x, TIsa.Broadcast(0), TIsa.Multiply(large, TIsa.Broadcast(-1)), large);
        TFloat square = TIsa.Multiply(x, x);
        TFloat p = TIsa.Broadcast(62f / 2835);
        p = TIsa.MultiplyAdd(p, square, TIsa.Broadcast(-17f / 315));
        p = TIsa.MultiplyAdd(p, square, TIsa.Broadcast(2f / 15));
        p = TIsa.MultiplyAdd(p, square, TIsa.Broadcast(-1f / 3));
        TFloat small = TIsa.MultiplyAdd(TIsa.Multiply(p, square), x, x);
        return TIsa.SelectLess(magnitude, TIsa.Broadcast(0.2f), small, large);
    }
}
