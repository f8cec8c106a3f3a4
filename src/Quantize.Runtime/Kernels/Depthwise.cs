using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>Each channel with its own filter: [height, width, inputChannels * multiplier] over [batch, height, width, inputChannels], in float.</summary>
internal abstract class Depthwise
{
    /// <summary>
    /// The filter [taps, outputChannels] over one padded image; output channel c reads input channel c / <paramref name="multiplier"/>.
    /// </summary>
    public abstract void Run(
        ReadOnlySpan<float> padded, ConvolutionGeometry geometry, int multiplier, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Span<float> output, float minimum, float maximum);
}

/// <summary>Row by row, four neighbouring pixels at a time, channels innermost: each filter vector is loaded once for four products.</summary>
internal sealed unsafe class Depthwise<TIsa, TFloat> : Depthwise
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    private const int Pixels = 4;

    public override void Run(
        ReadOnlySpan<float> padded, ConvolutionGeometry g, int multiplier, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Span<float> output, float minimum, float maximum)
    {
        // The geometry's windows lie inside its padded image; channels run to Channels * multiplier: these four checks bound every access below.
        int channels = g.Channels * multiplier;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(g.PaddedLength, padded.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(g.FilterHeight * g.FilterWidth * channels), filter.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, bias.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(g.OutputPixels * channels), output.Length);
        fixed (float* image = padded, weights = filter, offsets = bias, target = output)
        {
            nint rowStride = (nint)g.PaddedWidth * g.Channels;
            for (int y = 0; y < g.OutputHeight; y++)
            {
                float* row = image + y * g.StrideHeight * rowStride;
                float* to = target + (nint)y * g.OutputWidth * channels;
                for (int x = 0; x < g.OutputWidth; x += Pixels)
                {
                    int count = Math.Min(Pixels, g.OutputWidth - x);
                    var window = new Window(row + (nint)x * g.StrideWidth * g.Channels, rowStride * g.DilationHeight, g.DilationWidth * g.Channels, g.StrideWidth * g.Channels, g.FilterHeight, g.FilterWidth);
                    if (multiplier == 1 && count == Pixels)
                        FourPixels(window, channels, weights, offsets, to + (nint)x * channels, minimum, maximum);
                    else if (multiplier == 1)
                        OnePixelEach(window, count, channels, weights, offsets, to + (nint)x * channels, minimum, maximum);
                    else
                        Multiplied(window, count, multiplier, channels, weights, offsets, to + (nint)x * channels, minimum, maximum);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourPixels(in Window window, int channels, float* weights, float* bias, float* target, float minimum, float maximum)
    {
        nint lanes = TIsa.Lanes, pixel = window.PixelStride;
        TFloat low = TIsa.Broadcast(minimum), high = TIsa.Broadcast(maximum);
        nint c = 0;
        for (; c <= channels - lanes; c += lanes)
        {
            TFloat s0 = TIsa.Load(bias + c), s1 = s0, s2 = s0, s3 = s0;
            float* w = weights + c;
            for (nint i = 0; i < window.Height; i++)
            {
                float* p = window.Start + i * window.RowStride + c;
                for (nint j = 0; j < window.Width; j++, p += window.TapStride, w += channels)
                {
                    TFloat weight = TIsa.Load(w);
                    s0 = TIsa.MultiplyAdd(TIsa.Load(p), weight, s0);
                    s1 = TIsa.MultiplyAdd(TIsa.Load(p + pixel), weight, s1);
                    s2 = TIsa.MultiplyAdd(TIsa.Load(p + 2 * pixel), weight, s2);
                    s3 = TIsa.MultiplyAdd(TIsa.Load(p + 3 * pixel), weight, s3);
                }
            }

            TIsa.Store(target + c, TIsa.MinNative(high, TIsa.MaxNative(low, s0)));
            TIsa.Store(target + channels + c, TIsa.MinNative(high, TIsa.MaxNative(low, s1)));
            TIsa.Store(target + 2 * channels + c, TIsa.MinNative(high, TIsa.MaxNative(low, s2)));
            TIsa.Store(target + 3 * channels + c, TIsa.MinNative(high, TIsa.MaxNative(low, s3)));
        }

        for (int x = 0; c < channels && x < Pixels; x++)
            Channels(window, window.Start + x * pixel, c, channels, weights, bias, target + x * channels, minimum, maximum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OnePixelEach(in Window window, int count, int channels, float* weights, float* bias, float* target, float minimum, float maximum)
    {
        nint lanes = TIsa.Lanes;
        TFloat low = TIsa.Broadcast(minimum), high = TIsa.Broadcast(maximum);
        for (int x = 0; x < count; x++, target += channels)
        {
            float* start = window.Start + x * window.PixelStride;
            nint c = 0;
            for (; c <= channels - lanes; c += lanes)
            {
                TFloat sum = TIsa.Load(bias + c);
                float* w = weights + c;
                for (nint i = 0; i < window.Height; i++)
                {
                    float* p = start + i * window.RowStride + c;
                    for (nint j = 0; j < window.Width; j++, p += window.TapStride, w += channels)
                        sum = TIsa.MultiplyAdd(TIsa.Load(p), TIsa.Load(w), sum);
                }

                TIsa.Store(target + c, TIsa.MinNative(high, TIsa.MaxNative(low, sum)));
            }

            Channels(window, start, c, channels, weights, bias, target, minimum, maximum);
        }
    }

    /// <summary>The channels from <paramref name="first"/> on, one by one.</summary>
    private static void Channels(in Window window, float* start, nint first, int channels, float* weights, float* bias, float* target, float minimum, float maximum)
    {
        for (nint c = first; c < channels; c++)
        {
            float sum = bias[c];
            float* w = weights + c;
            for (nint i = 0; i < window.Height; i++)
            {
                float* p = start + i * window.RowStride + c;
                for (nint j = 0; j < window.Width; j++, p += window.TapStride, w += channels)
                    sum += *p * *w;
            }

            target[c] = MathF.Min(MathF.Max(sum, minimum), maximum);
        }
    }

    /// <summary>Several output channels of one input channel lie side by side: that channel is broadcast over them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiplied(in Window window, int count, int multiplier, int channels, float* weights, float* bias, float* target, float minimum, float maximum)
    {
        nint lanes = TIsa.Lanes;
        TFloat low = TIsa.Broadcast(minimum), high = TIsa.Broadcast(maximum);
        for (int x = 0; x < count; x++, target += channels)
        {
            for (nint input = 0; input < channels / multiplier; input++)
            {
                float* start = window.Start + x * window.PixelStride + input;
                nint c = input * multiplier, end = c + multiplier;
                for (; c <= end - lanes; c += lanes)
                {
                    TFloat sum = TIsa.Load(bias + c);
                    float* w = weights + c;
                    for (nint i = 0; i < window.Height; i++)
                    {
                        float* p = start + i * window.RowStride;
                        for (nint j = 0; j < window.Width; j++, p += window.TapStride, w += channels)
                            sum = TIsa.MultiplyAdd(TIsa.Broadcast(*p), TIsa.Load(w), sum);
                    }

                    TIsa.Store(target + c, TIsa.MinNative(high, TIsa.MaxNative(low, sum)));
                }

                for (; c < end; c++)
                {
                    float sum = bias[c];
                    float* w = weights + c;
                    for (nint i = 0; i < window.Height; i++)
                    {
                        float* p = start + i * window.RowStride;
                        for (nint j = 0; j < window.Width; j++, p += window.TapStride, w += channels)
                            sum += *p * *w;
                    }

                    target[c] = MathF.Min(MathF.Max(sum, minimum), maximum);
                }
            }
        }
    }

    /// <summary>A filter's place over the image, all strides in elements.</summary>
    private readonly struct Window(float* start, nint rowStride, nint tapStride, nint pixelStride, nint height, nint width)
    {
        public readonly float* Start = start;
        public readonly nint RowStride = rowStride;
        public readonly nint TapStride = tapStride;
        public readonly nint PixelStride = pixelStride;
        public readonly nint Height = height;
        public readonly nint Width = width;
    }
}
