using System.Runtime.CompilerServices;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// A filter three wide with stride 1 or 2, the usual one: up to seven neighbouring pixels at a time, so that a narrow image is one group or two, and enough sums are under way.
/// At an edge the column outside is left out. What the type parameters say is settled when a group is compiled: lines of other counts and of columns outside are not there.
/// </summary>
internal sealed unsafe partial class Depthwise<TIsa, TFloat>
{
    private const int MostPixels = 7;

    /// <summary>Whether no more than one column lies outside on either side.</summary>
    private static bool IsThreeWide(ConvolutionGeometry g) =>
        g is { FilterWidth: 3, StrideWidth: 1 or 2, DilationWidth: 1, PaddingLeft: 0 or 1 } && LastColumn(g) <= g.InputWidth;

    private static int LastColumn(ConvolutionGeometry g) => (g.OutputWidth - 1) * g.StrideWidth - g.PaddingLeft + 2;

    /// <summary>As few groups as there can be, of sizes that differ by one at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowInGroups(in Layer layer, ConvolutionGeometry g, nint first, nint end, float* line, Taps rows, float* to)
    {
        int groups = (g.OutputWidth + MostPixels - 1) / MostPixels, x = 0;
        bool overhangs = LastColumn(g) == g.InputWidth;
        for (int i = 0; i < groups; i++)
        {
            int pixels = (g.OutputWidth - x + groups - i - 1) / (groups - i);
            bool left = x < g.PaddingLeft, right = overhangs && i == groups - 1;
            float* start = line + ((nint)x * g.StrideWidth - g.PaddingLeft) * layer.Channels, target = to + x * layer.Channels;
            if (g.StrideWidth == 1)
                Group<SideBySide>(pixels, left, right, layer, first, end, start, rows, target);
            else
                Group<EverySecond>(pixels, left, right, layer, first, end, start, rows, target);
            x += pixels;
        }
    }

    private static void Group<TStride>(int pixels, bool left, bool right, in Layer layer, nint first, nint end, float* start, Taps rows, float* target)
        where TStride : struct, IStride
    {
        switch (pixels)
        {
            case 1: Group<TStride, OnePixel>(left, right, layer, first, end, start, rows, target); break;
            case 2: Group<TStride, TwoPixels>(left, right, layer, first, end, start, rows, target); break;
            case 3: Group<TStride, ThreePixels>(left, right, layer, first, end, start, rows, target); break;
            case 4: Group<TStride, FourPixels>(left, right, layer, first, end, start, rows, target); break;
            case 5: Group<TStride, FivePixels>(left, right, layer, first, end, start, rows, target); break;
            case 6: Group<TStride, SixPixels>(left, right, layer, first, end, start, rows, target); break;
            default: Group<TStride, SevenPixels>(left, right, layer, first, end, start, rows, target); break;
        }
    }

    private static void Group<TStride, TCount>(bool left, bool right, in Layer layer, nint first, nint end, float* start, Taps rows, float* target)
        where TStride : struct, IStride
        where TCount : struct, ICount
    {
        if (left && right)
            TStride.Group<TCount, BothEdges>(layer, first, end, start, rows, target);
        else if (left)
            TStride.Group<TCount, LeftEdge>(layer, first, end, start, rows, target);
        else if (right)
            TStride.Group<TCount, RightEdge>(layer, first, end, start, rows, target);
        else
            TStride.Group<TCount, NoEdge>(layer, first, end, start, rows, target);
    }

    /// <summary>One product more for a pixel that the group has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Tap<TCount>(int pixel, TFloat x, TFloat weight, TFloat sum)
        where TCount : struct, ICount => pixel < TCount.Value ? TIsa.MultiplyAdd(x, weight, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TFloat sum, TFloat low, TFloat high) => TIsa.Store(target, TIsa.MinNative(high, TIsa.MaxNative(low, sum)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreGroup<TCount>(
        float* to, nint channels, TFloat low, TFloat high, TFloat s0, TFloat s1, TFloat s2, TFloat s3, TFloat s4, TFloat s5, TFloat s6)
        where TCount : struct, ICount
    {
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

    /// <summary>How the columns of neighbouring pixels lie.</summary>
    private interface IStride
    {
        /// <summary>Computes one group in channels <paramref name="first"/> .. <paramref name="end"/>.</summary>
        static abstract void Group<TCount, TEdge>(in Layer layer, nint first, nint end, float* start, Taps rows, float* target)
            where TCount : struct, ICount
            where TEdge : struct, IEdge;
    }

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
