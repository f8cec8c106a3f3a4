using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>Each channel with its own filter: [height, width, inputChannels * multiplier] over one image [height, width, inputChannels], in float.</summary>
internal abstract class Depthwise
{
    /// <summary>
    /// The filter [taps, outputChannels]; output channel c reads input channel c / <paramref name="multiplier"/>. What lies outside the image is read from
    /// <paramref name="zeros"/>, one for each channel. Filter, bias and zeros are best aligned to vectors.
    /// </summary>
    public void Run(
        ReadOnlySpan<float> image, ConvolutionGeometry geometry, int multiplier, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, ReadOnlySpan<float> zeros,
        Span<float> output, float minimum, float maximum) => Run(image, geometry, 0, geometry.OutputHeight, multiplier, filter, bias, zeros, output, minimum, maximum);

    /// <summary>Only <paramref name="rowCount"/> rows of the output from <paramref name="firstRow"/> on.</summary>
    public abstract void Run(
        ReadOnlySpan<float> image, ConvolutionGeometry geometry, int firstRow, int rowCount, int multiplier, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, ReadOnlySpan<float> zeros,
        Span<float> output, float minimum, float maximum);
}

/// <summary>
/// Row by row, without a padded copy, some neighbouring pixels at a time and channels innermost: every stream is read in order. Neighbours share each vector of weights,
/// and of a filter three wide with stride 1 each vector of the image too. Many channels go by blocks.
/// </summary>
internal sealed unsafe partial class Depthwise<TIsa, TFloat> : Depthwise
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    private const int Pixels = 4;

    private const int MaximumTaps = 128;

    /// <summary>What the rows of the image below a filter may take: less than the smallest first cache, 32 KiB, with room for the weights.</summary>
    private const int CachedBytes = 24 << 10;

    /// <summary>Channels of which a block is a multiple: four cache lines, which are fetched together.</summary>
    private const int BlockUnit = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(
        ReadOnlySpan<float> image, ConvolutionGeometry g, int firstRow, int rowCount, int multiplier, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, ReadOnlySpan<float> zeros,
        Span<float> output, float minimum, float maximum)
    {
        // Rows are cut to the image before they are read, columns outside it are read from zeros, left out or cut too, and channels run to Channels * multiplier: these checks bound
        // every access below.
        int channels = g.Channels * multiplier;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)firstRow + (uint)rowCount, (uint)g.OutputHeight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(g.InputLength, image.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(g.FilterHeight * g.FilterWidth * channels), filter.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, bias.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, zeros.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(g.OutputPixels * channels), output.Length);
        bool inVectors = multiplier == 1 && channels >= TIsa.Lanes, inGroups = inVectors && IsThreeWide(g);
        bool inFours = inVectors && g.OutputWidth >= Pixels && g.FilterHeight * (long)g.FilterWidth <= MaximumTaps;
        float** columns = stackalloc float*[inFours ? MaximumTaps * Pixels : 1];
        fixed (float* source = image, weights = filter, offsets = bias, outside = zeros, target = output)
        {
            var layer = new Layer(weights, offsets, channels, multiplier, g.FilterWidth, (nint)g.InputWidth * g.Channels * g.DilationHeight, (nint)g.DilationWidth * g.Channels, (nint)g.StrideWidth * g.Channels, minimum, maximum);
            nint block = inGroups || inFours ? BlockOfChannels(g) : channels;
            for (nint first = 0; first < channels; first += block)
            {
                nint end = Math.Min(channels, first + block);
                for (int y = firstRow; y < firstRow + rowCount; y++)
                {
                    Taps rows = RowsAt(g, y, source, out float* line);
                    float* to = target + (nint)y * g.OutputWidth * channels;
                    if (inGroups)
                        RowInGroups(layer, g, first, end, line, rows, to);
                    else if (inFours)
                        RowInFours(layer, g, first, end, line, rows, columns, outside, to);
                    else
                        RowOfPixels(layer, g, line, rows, to);
                }
            }
        }
    }

    /// <summary>Channels for which what the filter covers of the image stays in the first cache, so that the next row finds it there.</summary>
    private static nint BlockOfChannels(ConvolutionGeometry g)
    {
        long columnBytes = (long)g.FilterHeight * g.InputWidth * sizeof(float);
        return (nint)Math.Max(BlockUnit, CachedBytes / columnBytes / BlockUnit * BlockUnit);
    }

    /// <summary>The rows of the filter that fall on the image for a row of the output, and where the first of its rows would be read.</summary>
    private static Taps RowsAt(ConvolutionGeometry g, int y, float* image, out float* line)
    {
        int top = y * g.StrideHeight - g.PaddingTop;
        line = image + (nint)top * g.InputWidth * g.Channels;
        return Cut(top, g.FilterHeight, g.DilationHeight, g.InputHeight);
    }

    private static void RowOfPixels(in Layer layer, ConvolutionGeometry g, float* line, Taps rows, float* to)
    {
        for (int x = 0; x < g.OutputWidth; x++)
        {
            int left = x * g.StrideWidth - g.PaddingLeft;
            Pixel(layer, line + (nint)left * g.Channels, rows, Cut(left, g.FilterWidth, g.DilationWidth, g.InputWidth), to + x * layer.Channels);
        }
    }

    /// <summary>The last four begin early enough to be four. At an edge the columns outside are read from zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowInFours(in Layer layer, ConvolutionGeometry g, nint firstChannel, nint endChannel, float* line, Taps rows, float** columns, float* outside, float* to)
    {
        int reach = (Pixels - 1) * g.StrideWidth + (g.FilterWidth - 1) * g.DilationWidth, stride = g.StrideWidth;
        for (int x = 0; x < g.OutputWidth;)
        {
            int first = Math.Min(x, g.OutputWidth - Pixels), left = first * stride - g.PaddingLeft, room = g.InputWidth - 1 - left - reach;
            int fours = left < 0 || room < 0 ? 0 : Math.Min(room / (Pixels * stride) + 1, Math.Max(1, (g.OutputWidth - first) / Pixels));
            float* start = line + (nint)left * g.Channels;
            if (fours > 0)
            {
                Fours<Inside>(layer, firstChannel, endChannel, start, fours, rows, columns, to + first * layer.Channels);
            }
            else
            {
                fours = 1;
                PointToColumns(g, start, left, rows, layer.RowStride, outside, columns);
                Fours<AtEdge>(layer, firstChannel, endChannel, start, 1, rows, columns, to + first * layer.Channels);
            }

            x += fours * Pixels;
        }
    }

    /// <summary>Where the columns of each row begin, for each tap those of the four pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PointToColumns(ConvolutionGeometry g, float* start, int left, Taps rows, nint rowStride, float* outside, float** columns)
    {
        int count = Pixels * g.FilterWidth;
        for (int k = 0; k < count; k++)
        {
            int column = k / Pixels * g.DilationWidth + k % Pixels * g.StrideWidth;
            bool inside = (uint)(left + column) < (uint)g.InputWidth;
            for (int i = rows.First; i < rows.End; i++)
                columns[i * count + k] = inside ? start + i * rowStride + (nint)column * g.Channels : outside;
        }
    }

    /// <summary>The taps of one dimension that fall on the image.</summary>
    private static Taps Cut(int position, int count, int dilation, int size)
    {
        int first = position >= 0 ? 0 : Math.Min(count, (-position + dilation - 1) / dilation);
        int end = position >= size ? 0 : (int)Math.Min(count, ((long)size - position + dilation - 1) / dilation);
        return new Taps(first, Math.Max(first, end));
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

    /// <summary>The k-th column of a row: beside the first one, or wherever the table says.</summary>
    private interface IColumns
    {
        static abstract float* At(float* row, float** columns, nint channel, nint stride, nint k);
    }

    private readonly struct Inside : IColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* At(float* row, float** columns, nint channel, nint stride, nint k) => row + k * stride;
    }

    private readonly struct AtEdge : IColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* At(float* row, float** columns, nint channel, nint stride, nint k) => columns[k] + channel;
    }

    /// <summary>Four pixels side by side, so many times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fours<TColumns>(in Layer layer, nint first, nint end, float* start, int count, Taps rows, float** columns, float* target)
        where TColumns : struct, IColumns
    {
        nint lanes = TIsa.Lanes, channels = layer.Channels, tap = layer.TapStride, pixel = layer.PixelStride, width = layer.FilterWidth, height = rows.End - rows.First;
        TFloat low = TIsa.Broadcast(layer.Minimum), high = TIsa.Broadcast(layer.Maximum);
        float* weights = layer.Weights + rows.First * width * channels, bias = layer.Bias;
        columns += rows.First * width * Pixels;
        for (start += rows.First * layer.RowStride; count > 0; count--, start += Pixels * pixel, target += Pixels * channels)
        {
            for (nint next = first; next < end; next += lanes)
            {
                nint c = Math.Min(next, channels - lanes);
                TFloat s0 = TIsa.Load(bias + c), s1 = s0, s2 = s0, s3 = s0;
                float* w = weights + c, row = start + c;
                float** at = columns;
                for (nint i = height; i > 0; i--, row += layer.RowStride)
                {
                    float* p = row;
                    for (nint j = width; j > 0; j--, p += tap, w += channels, at += Pixels)
                    {
                        TFloat weight = TIsa.Load(w);
                        s0 = TIsa.MultiplyAdd(TIsa.Load(TColumns.At(p, at, c, pixel, 0)), weight, s0);
                        s1 = TIsa.MultiplyAdd(TIsa.Load(TColumns.At(p, at, c, pixel, 1)), weight, s1);
                        s2 = TIsa.MultiplyAdd(TIsa.Load(TColumns.At(p, at, c, pixel, 2)), weight, s2);
                        s3 = TIsa.MultiplyAdd(TIsa.Load(TColumns.At(p, at, c, pixel, 3)), weight, s3);
                    }
                }

                StoreFour(target + c, channels, s0, s1, s2, s3, low, high);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour(float* target, nint stride, TFloat s0, TFloat s1, TFloat s2, TFloat s3, TFloat low, TFloat high)
    {
        TIsa.Store(target, TIsa.MinNative(high, TIsa.MaxNative(low, s0)));
        TIsa.Store(target + stride, TIsa.MinNative(high, TIsa.MaxNative(low, s1)));
        TIsa.Store(target + 2 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, s2)));
        TIsa.Store(target + 3 * stride, TIsa.MinNative(high, TIsa.MaxNative(low, s3)));
    }

    /// <summary>Taps first .. end of one dimension of the filter.</summary>
    private readonly struct Taps(int first, int end)
    {
        public readonly int First = first;
        public readonly int End = end;
    }

    /// <summary>What all pixels share; strides in elements.</summary>
    private readonly struct Layer(float* weights, float* bias, int channels, int multiplier, int filterWidth, nint rowStride, nint tapStride, nint pixelStride, float minimum, float maximum)
    {
        public readonly float* Weights = weights;
        public readonly float* Bias = bias;
        public readonly nint FilterWidth = filterWidth;
        public readonly nint WeightRow = (nint)filterWidth * channels;
        public readonly nint RowStride = rowStride;
        public readonly nint TapStride = tapStride;
        public readonly nint PixelStride = pixelStride;
        public readonly nint Channels = channels;
        public readonly nint Multiplier = multiplier;
        public readonly float Minimum = minimum;
        public readonly float Maximum = maximum;
    }
}
