using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>Each channel with its own filter: [height, width, inputChannels * multiplier] over one image [height, width, inputChannels], in float.</summary>
internal abstract class Depthwise
{
    /// <summary>The filter [taps, outputChannels]; output channel c reads input channel c / <paramref name="multiplier"/>. What lies outside the image is zero.</summary>
    public abstract void Run(
        ReadOnlySpan<float> image, ConvolutionGeometry geometry, int multiplier, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Span<float> output, float minimum, float maximum);
}

/// <summary>
/// Row by row, without a padded copy: pixels whose window leaves the image fold the taps that remain. Inside, four neighbouring pixels share each vector of weights,
/// and of a 3 x 3 filter all nine stay in registers along the row.
/// </summary>
internal sealed unsafe class Depthwise<TIsa, TFloat> : Depthwise
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    private const int Pixels = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(
        ReadOnlySpan<float> image, ConvolutionGeometry g, int multiplier, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Span<float> output, float minimum, float maximum)
    {
        // Windows are cut to the image before they are read, and channels run to Channels * multiplier: these four checks bound every access below.
        int channels = g.Channels * multiplier;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(g.InputLength, image.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(g.FilterHeight * g.FilterWidth * channels), filter.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, bias.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(g.OutputPixels * channels), output.Length);
        fixed (float* source = image, weights = filter, offsets = bias, target = output)
        {
            var layer = new Layer(weights, offsets, channels, multiplier, (nint)g.FilterWidth * channels, (nint)g.InputWidth * g.Channels * g.DilationHeight, (nint)g.DilationWidth * g.Channels, minimum, maximum);
            Taps whole = Cut(0, g.FilterWidth, 1, int.MaxValue);
            int firstInside = Math.Min(g.OutputWidth, (g.PaddingLeft + g.StrideWidth - 1) / g.StrideWidth);
            int lastInside = Math.Clamp((g.InputWidth + g.PaddingLeft - (g.FilterWidth - 1) * g.DilationWidth - 1 + g.StrideWidth) / g.StrideWidth, firstInside, g.OutputWidth);
            for (int y = 0; y < g.OutputHeight; y++)
            {
                int top = y * g.StrideHeight - g.PaddingTop;
                Taps rows = Cut(top, g.FilterHeight, g.DilationHeight, g.InputHeight);
                float* line = source + (nint)top * g.InputWidth * g.Channels;
                float* to = target + (nint)y * g.OutputWidth * channels;
                for (int x = 0; x < g.OutputWidth; x++)
                {
                    int left = x * g.StrideWidth - g.PaddingLeft;
                    float* start = line + (nint)left * g.Channels;
                    if (x == firstInside && lastInside > firstInside && multiplier == 1)
                    {
                        Inside(layer, start, rows, whole, g.FilterHeight, (nint)g.StrideWidth * g.Channels, lastInside - firstInside, to + (nint)x * channels);
                        x = lastInside - 1;
                        continue;
                    }

                    Pixel(layer, start, rows, Cut(left, g.FilterWidth, g.DilationWidth, g.InputWidth), to + (nint)x * channels);
                }
            }
        }
    }

    /// <summary>The taps of one dimension that fall on the image.</summary>
    private static Taps Cut(int position, int count, int dilation, int size)
    {
        int first = position >= 0 ? 0 : Math.Min(count, (-position + dilation - 1) / dilation);
        int end = position >= size ? 0 : (int)Math.Min(count, ((long)size - position + dilation - 1) / dilation);
        return new Taps(first, Math.Max(first, end));
    }

    /// <summary>A run of pixels whose columns all lie inside.</summary>
    private static void Inside(in Layer layer, float* start, Taps rows, Taps columns, int filterHeight, nint pixelStride, int count, float* target)
    {
        int x = 0;
        if (filterHeight == 3 && rows.End - rows.First == 3 && columns.End == 3)
        {
            ThreeByThree(layer, start, pixelStride, count, target);
            return;
        }

        for (; x <= count - Pixels; x += Pixels)
            FourPixels(layer, start + x * pixelStride, pixelStride, rows, columns, target + (nint)x * layer.Channels);
        for (; x < count; x++)
            Pixel(layer, start + x * pixelStride, rows, columns, target + (nint)x * layer.Channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ThreeByThree(in Layer layer, float* start, nint pixelStride, int count, float* target)
    {
        nint lanes = TIsa.Lanes, channels = layer.Channels, row = layer.RowStride, tap = layer.TapStride;
        TFloat low = TIsa.Broadcast(layer.Minimum), high = TIsa.Broadcast(layer.Maximum);
        nint c = 0;
        for (; c <= channels - lanes; c += lanes)
        {
            float* w = layer.Weights + c;
            TFloat w0 = TIsa.Load(w), w1 = TIsa.Load(w + channels), w2 = TIsa.Load(w + 2 * channels);
            TFloat w3 = TIsa.Load(w + 3 * channels), w4 = TIsa.Load(w + 4 * channels), w5 = TIsa.Load(w + 5 * channels);
            TFloat w6 = TIsa.Load(w + 6 * channels), w7 = TIsa.Load(w + 7 * channels), w8 = TIsa.Load(w + 8 * channels);
            float* p = start + c, to = target + c;
            for (nint x = 0; x < count; x++, p += pixelStride, to += channels)
            {
                float* q = p + row, r = q + row;
                TFloat a = TIsa.MultiplyAdd(TIsa.Load(p), w0, TIsa.Load(layer.Bias + c)), b = TIsa.Multiply(TIsa.Load(q), w3), d = TIsa.Multiply(TIsa.Load(r), w6);
                a = TIsa.MultiplyAdd(TIsa.Load(p + tap), w1, a);
                b = TIsa.MultiplyAdd(TIsa.Load(q + tap), w4, b);
                d = TIsa.MultiplyAdd(TIsa.Load(r + tap), w7, d);
                a = TIsa.MultiplyAdd(TIsa.Load(p + 2 * tap), w2, a);
                b = TIsa.MultiplyAdd(TIsa.Load(q + 2 * tap), w5, b);
                d = TIsa.MultiplyAdd(TIsa.Load(r + 2 * tap), w8, d);
                TIsa.Store(to, TIsa.MinNative(high, TIsa.MaxNative(low, TIsa.Add(TIsa.Add(a, b), d))));
            }
        }

        var whole = new Taps(0, 3);
        for (int x = 0; c < channels && x < count; x++)
            Rest(layer, start + x * pixelStride, whole, whole, c, target + x * channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourPixels(in Layer layer, float* start, nint pixel, Taps rows, Taps columns, float* target)
    {
        nint lanes = TIsa.Lanes, channels = layer.Channels, tap = layer.TapStride;
        TFloat low = TIsa.Broadcast(layer.Minimum), high = TIsa.Broadcast(layer.Maximum);
        nint c = 0;
        for (; c <= channels - lanes; c += lanes)
        {
            TFloat s0 = TIsa.Load(layer.Bias + c), s1 = s0, s2 = s0, s3 = s0;
            for (nint i = rows.First; i < rows.End; i++)
            {
                float* w = layer.Weights + i * layer.WeightRow + columns.First * channels + c;
                float* p = start + i * layer.RowStride + columns.First * tap + c;
                for (nint j = columns.First; j < columns.End; j++, p += tap, w += channels)
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
            Rest(layer, start + x * pixel, rows, columns, c, target + x * channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixel(in Layer layer, float* start, Taps rows, Taps columns, float* target)
    {
        nint lanes = TIsa.Lanes, channels = layer.Channels, tap = layer.TapStride, c = 0;
        TFloat low = TIsa.Broadcast(layer.Minimum), high = TIsa.Broadcast(layer.Maximum);
        for (; layer.Multiplier == 1 && c <= channels - lanes; c += lanes)
        {
            TFloat sum = TIsa.Load(layer.Bias + c);
            for (nint i = rows.First; i < rows.End; i++)
            {
                float* w = layer.Weights + i * layer.WeightRow + columns.First * channels + c;
                float* p = start + i * layer.RowStride + columns.First * tap + c;
                for (nint j = columns.First; j < columns.End; j++, p += tap, w += channels)
                    sum = TIsa.MultiplyAdd(TIsa.Load(p), TIsa.Load(w), sum);
            }

            TIsa.Store(target + c, TIsa.MinNative(high, TIsa.MaxNative(low, sum)));
        }

        if (layer.Multiplier == 1)
            Rest(layer, start, rows, columns, c, target);
        else
            Multiplied(layer, start, rows, columns, target);
    }

    /// <summary>The channels from <paramref name="first"/> on, one by one.</summary>
    private static void Rest(in Layer layer, float* start, Taps rows, Taps columns, nint first, float* target)
    {
        for (nint c = first; c < layer.Channels; c++)
            target[c] = One(layer, start + c / layer.Multiplier, rows, columns, c);
    }

    private static float One(in Layer layer, float* start, Taps rows, Taps columns, nint c)
    {
        float sum = layer.Bias[c];
        for (nint i = rows.First; i < rows.End; i++)
        {
            for (nint j = columns.First; j < columns.End; j++)
                sum += start[i * layer.RowStride + j * layer.TapStride] * layer.Weights[i * layer.WeightRow + j * layer.Channels + c];
        }

        return MathF.Min(MathF.Max(sum, layer.Minimum), layer.Maximum);
    }

    /// <summary>Several output channels of one input channel lie side by side: that channel is broadcast over them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiplied(in Layer layer, float* start, Taps rows, Taps columns, float* target)
    {
        nint lanes = TIsa.Lanes, channels = layer.Channels, multiplier = layer.Multiplier;
        TFloat low = TIsa.Broadcast(layer.Minimum), high = TIsa.Broadcast(layer.Maximum);
        for (nint input = 0; input < channels / multiplier; input++)
        {
            nint c = input * multiplier, end = c + multiplier;
            for (; c <= end - lanes; c += lanes)
            {
                TFloat sum = TIsa.Load(layer.Bias + c);
                for (nint i = rows.First; i < rows.End; i++)
                {
                    float* w = layer.Weights + i * layer.WeightRow + columns.First * channels + c;
                    float* p = start + i * layer.RowStride + columns.First * layer.TapStride + input;
                    for (nint j = columns.First; j < columns.End; j++, p += layer.TapStride, w += channels)
                        sum = TIsa.MultiplyAdd(TIsa.Broadcast(*p), TIsa.Load(w), sum);
                }

                TIsa.Store(target + c, TIsa.MinNative(high, TIsa.MaxNative(low, sum)));
            }

            for (; c < end; c++)
                target[c] = One(layer, start + input, rows, columns, c);
        }
    }

    /// <summary>Taps first .. end of one dimension of the filter.</summary>
    private readonly struct Taps(int first, int end)
    {
        public readonly int First = first;
        public readonly int End = end;
    }

    /// <summary>What all pixels share; strides in elements.</summary>
    private readonly struct Layer(float* weights, float* bias, int channels, int multiplier, nint weightRow, nint rowStride, nint tapStride, float minimum, float maximum)
    {
        public readonly float* Weights = weights;
        public readonly float* Bias = bias;
        public readonly nint WeightRow = weightRow;
        public readonly nint RowStride = rowStride;
        public readonly nint TapStride = tapStride;
        public readonly nint Channels = channels;
        public readonly nint Multiplier = multiplier;
        public readonly float Minimum = minimum;
        public readonly float Maximum = maximum;
    }
}
