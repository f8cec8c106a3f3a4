using System.Runtime.CompilerServices;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// A filter three wide with stride 1, the usual one: up to seven neighbouring pixels at a time, so that a narrow image is one group or two, and enough sums are under way.
/// At an edge the column outside is left out.
/// </summary>
internal sealed unsafe partial class Depthwise<TIsa, TFloat>
{
    private const int MostPixels = 7;

    /// <summary>Whether no more than one column lies outside on either side.</summary>
    private static bool IsThreeWide(ConvolutionGeometry g) =>
        g is { FilterWidth: 3, StrideWidth: 1, DilationWidth: 1, PaddingLeft: 0 or 1 } && g.OutputWidth - g.PaddingLeft + 1 <= g.InputWidth;

    /// <summary>As few groups as there can be, of sizes that differ by one at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowInGroups(in Layer layer, ConvolutionGeometry g, nint first, nint end, float* line, Taps rows, float* to)
    {
        int groups = (g.OutputWidth + MostPixels - 1) / MostPixels, x = 0;
        bool overhangs = g.OutputWidth - g.PaddingLeft + 1 == g.InputWidth;
        for (int i = 0; i < groups; i++)
        {
            int pixels = (g.OutputWidth - x + groups - i - 1) / (groups - i);
            bool left = x < g.PaddingLeft, right = overhangs && i == groups - 1;
            Group(pixels, left, right, layer, first, end, line + (nint)(x - g.PaddingLeft) * layer.Channels, rows, to + x * layer.Channels);
            x += pixels;
        }
    }

    private static void Group(int pixels, bool left, bool right, in Layer layer, nint first, nint end, float* start, Taps rows, float* target)
    {
        switch (pixels)
        {
            case 1: Group<OnePixel>(left, right, layer, first, end, start, rows, target); break;
            case 2: Group<TwoPixels>(left, right, layer, first, end, start, rows, target); break;
            case 3: Group<ThreePixels>(left, right, layer, first, end, start, rows, target); break;
            case 4: Group<FourPixels>(left, right, layer, first, end, start, rows, target); break;
            case 5: Group<FivePixels>(left, right, layer, first, end, start, rows, target); break;
            case 6: Group<SixPixels>(left, right, layer, first, end, start, rows, target); break;
            default: Group<SevenPixels>(left, right, layer, first, end, start, rows, target); break;
        }
    }

    private static void Group<TCount>(bool left, bool right, in Layer layer, nint first, nint end, float* start, Taps rows, float* target)
        where TCount : struct, ICount
    {
        if (left && right)
            Group<TCount, BothEdges>(layer, first, end, start, rows, target);
        else if (left)
            Group<TCount, LeftEdge>(layer, first, end, start, rows, target);
        else if (right)
            Group<TCount, RightEdge>(layer, first, end, start, rows, target);
        else
            Group<TCount, NoEdge>(layer, first, end, start, rows, target);
    }

    /// <summary>What the type parameters say is settled when this is compiled: of the lines below, those of other counts and of columns outside are not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Group<TCount, TEdge>(in Layer layer, nint first, nint end, float* start, Taps rows, float* target)
        where TCount : struct, ICount
        where TEdge : struct, IEdge
    {
        nint lanes = TIsa.Lanes, channels = layer.Channels, rowStride = layer.RowStride, height = rows.End - rows.First;
        TFloat low = TIsa.Broadcast(layer.Minimum), high = TIsa.Broadcast(layer.Maximum);
        float* weights = layer.Weights + rows.First * 3 * channels, bias = layer.Bias;
        start += rows.First * rowStride;
        for (nint next = first; next < end; next += lanes)
        {
            nint c = Math.Min(next, channels - lanes);
            TFloat s0 = TIsa.Load(bias + c), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0;
            float* w = weights + c, p = start + c;
            for (nint i = height; i > 0; i--, w += 3 * channels, p += rowStride)
            {
                TFloat w0 = TIsa.Load(w), w1 = TIsa.Load(w + channels), w2 = TIsa.Load(w + 2 * channels);
                if (!TEdge.IsLeft)
                    s0 = TIsa.MultiplyAdd(TIsa.Load(p), w0, s0);
                if (Has<TCount, TEdge>(1))
                {
                    TFloat x = TIsa.Load(p + channels);
                    s0 = TIsa.MultiplyAdd(x, w1, s0);
                    s1 = Tap<TCount>(1, x, w0, s1);
                }

                if (Has<TCount, TEdge>(2))
                {
                    TFloat x = TIsa.Load(p + 2 * channels);
                    s0 = TIsa.MultiplyAdd(x, w2, s0);
                    s1 = Tap<TCount>(1, x, w1, s1);
                    s2 = Tap<TCount>(2, x, w0, s2);
                }

                if (Has<TCount, TEdge>(3))
                {
                    TFloat x = TIsa.Load(p + 3 * channels);
                    s1 = Tap<TCount>(1, x, w2, s1);
                    s2 = Tap<TCount>(2, x, w1, s2);
                    s3 = Tap<TCount>(3, x, w0, s3);
                }

                if (Has<TCount, TEdge>(4))
                {
                    TFloat x = TIsa.Load(p + 4 * channels);
                    s2 = Tap<TCount>(2, x, w2, s2);
                    s3 = Tap<TCount>(3, x, w1, s3);
                    s4 = Tap<TCount>(4, x, w0, s4);
                }

                if (Has<TCount, TEdge>(5))
                {
                    TFloat x = TIsa.Load(p + 5 * channels);
                    s3 = Tap<TCount>(3, x, w2, s3);
                    s4 = Tap<TCount>(4, x, w1, s4);
                    s5 = Tap<TCount>(5, x, w0, s5);
                }

                if (Has<TCount, TEdge>(6))
                {
                    TFloat x = TIsa.Load(p + 6 * channels);
                    s4 = Tap<TCount>(4, x, w2, s4);
                    s5 = Tap<TCount>(5, x, w1, s5);
                    s6 = Tap<TCount>(6, x, w0, s6);
                }

                if (Has<TCount, TEdge>(7))
                {
                    TFloat x = TIsa.Load(p + 7 * channels);
                    s5 = Tap<TCount>(5, x, w2, s5);
                    s6 = Tap<TCount>(6, x, w1, s6);
                }

                if (Has<TCount, TEdge>(8))
                    s6 = TIsa.MultiplyAdd(TIsa.Load(p + 8 * channels), w2, s6);
            }

            float* to = target + c;
            Store(to, s0, low, high);
            if (TCount.Value > 1)
                Store(to + channels, s1, low, high);
            if (TCount.Value > 2)
                Store(to + 2 * channels, s2, low, high);
            if (TCount.Value > 3)
                Store(to + 3 * channels, s3, low, high);
            if (TCount.Value > 4)
                Store(to + 4 * channels, s4, low, high);
            if (TCount.Value > 5)
                Store(to + 5 * channels, s5, low, high);
            if (TCount.Value > 6)
                Store(to + 6 * channels, s6, low, high);
        }
    }

    /// <summary>Whether a group has that column of the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Has<TCount, TEdge>(int column)
        where TCount : struct, ICount
        where TEdge : struct, IEdge => column < TCount.Value + (TEdge.IsRight ? 1 : 2);

    /// <summary>One product more for a pixel that the group has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Tap<TCount>(int pixel, TFloat x, TFloat weight, TFloat sum)
        where TCount : struct, ICount => pixel < TCount.Value ? TIsa.MultiplyAdd(x, weight, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TFloat sum, TFloat low, TFloat high) => TIsa.Store(target, TIsa.MinNative(high, TIsa.MaxNative(low, sum)));

    /// <summary>Pixels of a group.</summary>
    private interface ICount
    {
        static abstract int Value { get; }
    }

    /// <summary>Which of the columns of a group lie outside the image.</summary>
    private interface IEdge
    {
        static abstract bool IsLeft { get; }

        static abstract bool IsRight { get; }
    }

    private readonly struct OnePixel : ICount
    {
        public static int Value => 1;
    }

    private readonly struct TwoPixels : ICount
    {
        public static int Value => 2;
    }

    private readonly struct ThreePixels : ICount
    {
        public static int Value => 3;
    }

    private readonly struct FourPixels : ICount
    {
        public static int Value => 4;
    }

    private readonly struct FivePixels : ICount
    {
        public static int Value => 5;
    }

    private readonly struct SixPixels : ICount
    {
        public static int Value => 6;
    }

    private readonly struct SevenPixels : ICount
    {
        public static int Value => 7;
    }

    private readonly struct NoEdge : IEdge
    {
        public static bool IsLeft => false;

        public static bool IsRight => false;
    }

    private readonly struct LeftEdge : IEdge
    {
        public static bool IsLeft => true;

        public static bool IsRight => false;
    }

    private readonly struct RightEdge : IEdge
    {
        public static bool IsLeft => false;

        public static bool IsRight => true;
    }

    private readonly struct BothEdges : IEdge
    {
        public static bool IsLeft => true;

        public static bool IsRight => true;
    }
}
