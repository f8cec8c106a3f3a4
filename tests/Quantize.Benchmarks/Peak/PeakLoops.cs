using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Benchmarks.Peak;

/// <summary>Twelve independent chains of one instruction's products, all in registers: what the core can do at most.</summary>
internal static unsafe class PeakLoops
{
    private const int Chains = 12;

    /// <summary>Multiply-adds of <paramref name="steps"/> steps over float vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Float<TIsa, TFloat>(long steps, float* sink)
        where TIsa : struct, IFloatIsa<TFloat>
        where TFloat : unmanaged
    {
        TFloat x = TIsa.Load(sink), y = TIsa.Load(sink + TIsa.Lanes);
        TFloat c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
        for (long i = 0; i < steps; i++)
        {
            c0 = TIsa.MultiplyAdd(x, y, c0);
            c1 = TIsa.MultiplyAdd(x, y, c1);
            c2 = TIsa.MultiplyAdd(x, y, c2);
            c3 = TIsa.MultiplyAdd(x, y, c3);
            c4 = TIsa.MultiplyAdd(x, y, c4);
            c5 = TIsa.MultiplyAdd(x, y, c5);
            c6 = TIsa.MultiplyAdd(x, y, c6);
            c7 = TIsa.MultiplyAdd(x, y, c7);
            c8 = TIsa.MultiplyAdd(x, y, c8);
            c9 = TIsa.MultiplyAdd(x, y, c9);
            c10 = TIsa.MultiplyAdd(x, y, c10);
            c11 = TIsa.MultiplyAdd(x, y, c11);
        }

        TFloat sum = TIsa.Add(TIsa.Add(TIsa.Add(c0, c1), TIsa.Add(c2, c3)), TIsa.Add(TIsa.Add(c4, c5), TIsa.Add(c6, c7)));
        TIsa.Store(sink, TIsa.Add(sum, TIsa.Add(TIsa.Add(c8, c9), TIsa.Add(c10, c11))));
        return (double)steps * Chains * TIsa.Lanes;
    }

    /// <summary>
    /// The same over a dot product of small integers: six operands by two, loaded anew in each step, because a compiler computes a product that never changes only once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<TIsa, TFloat, TInt, TDot>(long steps, float* sink)
        where TIsa : struct, IIsa<TFloat, TInt>
        where TDot : struct, IDot<TInt>
        where TFloat : unmanaged
        where TInt : unmanaged
    {
        nint lanes = TIsa.Lanes;
        TInt c0 = default, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0, c8 = c0, c9 = c0, c10 = c0, c11 = c0;
        for (long i = 0; i < steps; i++)
        {
            int* p = (int*)sink + (nint)(i & 3) * lanes;
            TInt y0 = TIsa.LoadInt(p), y1 = TIsa.LoadInt(p + lanes);
            TInt x = TIsa.LoadInt(p + 2 * lanes);
            c0 = TDot.Dot(c0, x, y0);
            c1 = TDot.Dot(c1, x, y1);
            x = TIsa.LoadInt(p + 3 * lanes);
            c2 = TDot.Dot(c2, x, y0);
            c3 = TDot.Dot(c3, x, y1);
            x = TIsa.LoadInt(p + 4 * lanes);
            c4 = TDot.Dot(c4, x, y0);
            c5 = TDot.Dot(c5, x, y1);
            x = TIsa.LoadInt(p + 5 * lanes);
            c6 = TDot.Dot(c6, x, y0);
            c7 = TDot.Dot(c7, x, y1);
            x = TIsa.LoadInt(p + 6 * lanes);
            c8 = TDot.Dot(c8, x, y0);
            c9 = TDot.Dot(c9, x, y1);
            x = TIsa.LoadInt(p + 7 * lanes);
            c10 = TDot.Dot(c10, x, y0);
            c11 = TDot.Dot(c11, x, y1);
        }

        TFloat sum = TIsa.Add(TIsa.Add(Sum(c0, c1), Sum(c2, c3)), TIsa.Add(Sum(c4, c5), Sum(c6, c7)));
        TIsa.Store(sink, TIsa.Add(sum, TIsa.Add(Sum(c8, c9), Sum(c10, c11))));
        return (double)steps * Chains * TIsa.Lanes * TDot.Form.GroupSize();

        static TFloat Sum(TInt a, TInt b) => TIsa.Add(TIsa.ToFloat(a), TIsa.ToFloat(b));
    }
}
