using System.Runtime.CompilerServices;

namespace Quantize.Runtime.Kernels;

internal sealed unsafe partial class Depthwise<TIsa, TFloat>
{
    /// <summary>Stride 2: every second column belongs to two pixels.</summary>
    private readonly struct EverySecond : IStride
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Group<TCount, TEdge>(in Layer layer, nint first, nint end, float* start, Taps rows, float* target)
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
                    s0 = TIsa.MultiplyAdd(TIsa.Load(p + channels), w1, s0);
                    if (Has<TCount, TEdge>(1))
                    {
                        TFloat x = TIsa.Load(p + 2 * channels);
                        s0 = TIsa.MultiplyAdd(x, w2, s0);
                        s1 = Tap<TCount>(1, x, w0, s1);
                    }

                    if (TCount.Value > 1)
                        s1 = TIsa.MultiplyAdd(TIsa.Load(p + 3 * channels), w1, s1);

                    if (Has<TCount, TEdge>(2))
                    {
                        TFloat x = TIsa.Load(p + 4 * channels);
                        s1 = Tap<TCount>(1, x, w2, s1);
                        s2 = Tap<TCount>(2, x, w0, s2);
                    }

                    if (TCount.Value > 2)
                        s2 = TIsa.MultiplyAdd(TIsa.Load(p + 5 * channels), w1, s2);

                    if (Has<TCount, TEdge>(3))
                    {
                        TFloat x = TIsa.Load(p + 6 * channels);
                        s2 = Tap<TCount>(2, x, w2, s2);
                        s3 = Tap<TCount>(3, x, w0, s3);
                    }

                    if (TCount.Value > 3)
                        s3 = TIsa.MultiplyAdd(TIsa.Load(p + 7 * channels), w1, s3);

                    if (Has<TCount, TEdge>(4))
                    {
                        TFloat x = TIsa.Load(p + 8 * channels);
                        s3 = Tap<TCount>(3, x, w2, s3);
                        s4 = Tap<TCount>(4, x, w0, s4);
                    }

                    if (TCount.Value > 4)
                        s4 = TIsa.MultiplyAdd(TIsa.Load(p + 9 * channels), w1, s4);

                    if (Has<TCount, TEdge>(5))
                    {
                        TFloat x = TIsa.Load(p + 10 * channels);
                        s4 = Tap<TCount>(4, x, w2, s4);
                        s5 = Tap<TCount>(5, x, w0, s5);
                    }

                    if (TCount.Value > 5)
                        s5 = TIsa.MultiplyAdd(TIsa.Load(p + 11 * channels), w1, s5);

                    if (Has<TCount, TEdge>(6))
                    {
                        TFloat x = TIsa.Load(p + 12 * channels);
                        s5 = Tap<TCount>(5, x, w2, s5);
                        s6 = Tap<TCount>(6, x, w0, s6);
                    }

                    if (TCount.Value > 6)
                        s6 = TIsa.MultiplyAdd(TIsa.Load(p + 13 * channels), w1, s6);

                    if (Has<TCount, TEdge>(7))
                    {
                        TFloat x = TIsa.Load(p + 14 * channels);
                        s6 = Tap<TCount>(6, x, w2, s6);
                    }
                }

                StoreGroup<TCount>(target + c, channels, low, high, s0, s1, s2, s3, s4, s5, s6);
            }
        }

        /// <summary>Whether a group has the first column of that pixel, which is the last one of the pixel before.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static bool Has<TCount, TEdge>(int pixel)
            where TCount : struct, ICount
            where TEdge : struct, IEdge => pixel < TCount.Value + (TEdge.IsRight ? 0 : 1);
    }
}
