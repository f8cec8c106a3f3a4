using System.Runtime.CompilerServices;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Kernels;

/// <summary>The two transforms around the products of a <see cref="WinogradLayout"/>, a vector of channels at a time.</summary>
internal abstract class Winograd
{
    /// <summary>Tiles <paramref name="first"/> to first + <paramref name="count"/> of one image, as [places][count][channels] with the layout's stride from place to place; what lies outside the image is read from <paramref name="zeros"/>.</summary>
    public abstract void TransformInput(WinogradLayout layout, ReadOnlySpan<float> image, ReadOnlySpan<float> zeros, int first, int count, Span<float> transformed);

    /// <summary>Products [places][count][outputs] back to pixels of one image: clamp(sum + bias).</summary>
    public abstract void TransformOutput(
        WinogradLayout layout, ReadOnlySpan<float> products, ReadOnlySpan<float> bias, int first, int count, Span<float> output, float minimum, float maximum);
}

/// <summary>Both are applied to the columns of a tile and then to its rows; the tile between lies on the stack.</summary>
internal sealed unsafe class Winograd<TIsa, TFloat> : Winograd
    where TIsa : struct, IFloatIsa<TFloat>
    where TFloat : unmanaged
{
    private const int Size = WinogradLayout.Size;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void TransformInput(WinogradLayout layout, ReadOnlySpan<float> image, ReadOnlySpan<float> zeros, int first, int count, Span<float> transformed)
    {
        // Pixels are read inside the image or from zeros, and written below places * stride; channels are a multiple of the lanes: these checks bound all accesses.
        ConvolutionGeometry g = layout.Geometry;
        nint channels = g.Channels, stride = WinogradLayout.PlaceStride(count, g.Channels);
        CheckTiles(layout, first, count, g.Channels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(g.InputLength, image.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(g.Channels, zeros.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(WinogradLayout.Places * (int)stride), transformed.Length);
        float** pixels = stackalloc float*[WinogradLayout.Places];
        float* memory = stackalloc float[(WinogradLayout.Places + 1) * TIsa.Lanes], between = Aligned(memory);
        fixed (float* source = image, outside = zeros, target = transformed)
        {
            for (int tile = first; tile < first + count; tile++)
            {
                int top = tile / layout.TileColumns * layout.TileOutputs - g.PaddingTop, left = tile % layout.TileColumns * layout.TileOutputs - g.PaddingLeft;
                FindPixels(source, outside, top, left, g.InputHeight, g.InputWidth, channels, pixels);
                float* to = target + (tile - first) * channels;
                for (nint c = 0; c < channels; c += TIsa.Lanes)
                {
                    for (int j = 0; j < Size; j++)
                    {
                        Forward(
                            TIsa.Load(pixels[j] + c), TIsa.Load(pixels[j + Size] + c), TIsa.Load(pixels[j + 2 * Size] + c), TIsa.Load(pixels[j + 3 * Size] + c), TIsa.Load(pixels[j + 4 * Size] + c),
                            TIsa.Load(pixels[j + 5 * Size] + c), between + j * TIsa.Lanes, Size * TIsa.Lanes);
                    }

                    float* row = between;
                    for (int i = 0; i < Size; i++, row += Size * TIsa.Lanes)
                    {
                        Forward(
                            TIsa.Load(row), TIsa.Load(row + TIsa.Lanes), TIsa.Load(row + 2 * TIsa.Lanes), TIsa.Load(row + 3 * TIsa.Lanes), TIsa.Load(row + 4 * TIsa.Lanes), TIsa.Load(row + 5 * TIsa.Lanes),
                            to + i * Size * stride + c, stride);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void TransformOutput(
        WinogradLayout layout, ReadOnlySpan<float> products, ReadOnlySpan<float> bias, int first, int count, Span<float> output, float minimum, float maximum)
    {
        // Products are read below places * stride, pixels written inside the output only.
        ConvolutionGeometry g = layout.Geometry;
        nint outputs = layout.Outputs, stride = WinogradLayout.PlaceStride(count, layout.Outputs), lanes = TIsa.Lanes;
        CheckTiles(layout, first, count, layout.Outputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(WinogradLayout.Places * (int)stride), products.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layout.Outputs, bias.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(g.OutputPixels * layout.Outputs), output.Length);
        TFloat low = TIsa.Broadcast(minimum), high = TIsa.Broadcast(maximum);
        int size = layout.TileOutputs;
        float* memory = stackalloc float[(WinogradLayout.Places + 1) * TIsa.Lanes], between = Aligned(memory);
        fixed (float* source = products, offsets = bias, target = output)
        {
            for (int tile = first; tile < first + count; tile++)
            {
                int top = tile / layout.TileColumns * size, left = tile % layout.TileColumns * size;
                int rows = Math.Min(size, g.OutputHeight - top), columns = Math.Min(size, g.OutputWidth - left);
                float* from = source + (tile - first) * outputs, to = target + ((nint)top * g.OutputWidth + left) * outputs;
                for (nint n = 0; n < outputs; n += lanes)
                {
                    float* place = from + n;
                    for (int j = 0; j < Size; j++, place += stride)
                    {
                        Backward(
                            size, TIsa.Load(place), TIsa.Load(place + Size * stride), TIsa.Load(place + 2 * Size * stride), TIsa.Load(place + 3 * Size * stride), TIsa.Load(place + 4 * Size * stride),
                            TIsa.Load(place + 5 * Size * stride), between + j * lanes, Size * lanes);
                    }

                    TFloat offset = TIsa.Load(offsets + n);
                    float* row = between;
                    for (int i = 0; i < rows; i++, row += Size * lanes)
                    {
                        Backward(
                            size, TIsa.Load(row), TIsa.Load(row + lanes), TIsa.Load(row + 2 * lanes), TIsa.Load(row + 3 * lanes), TIsa.Load(row + 4 * lanes), TIsa.Load(row + 5 * lanes), row, lanes);
                        float* pixel = to + i * (nint)g.OutputWidth * outputs + n;
                        for (int j = 0; j < columns; j++, pixel += outputs)
                            TIsa.Store(pixel, TIsa.MinNative(high, TIsa.MaxNative(low, TIsa.Add(TIsa.Load(row + j * lanes), offset))));
                    }
                }
            }
        }
    }

    /// <summary>Where the pixels of a tile begin. A line may begin before the image, but no pixel that is taken does.</summary>
    private static void FindPixels(float* image, float* outside, int top, int left, int height, int width, nint channels, float** pixels)
    {
        for (int i = 0; i < Size; i++, pixels += Size)
        {
            bool isRow = (uint)(top + i) < (uint)height;
            float* pixel = image + ((nint)(top + i) * width + left) * channels;
            for (int j = 0; j < Size; j++, pixel += channels)
                pixels[j] = isRow && (uint)(left + j) < (uint)width ? pixel : outside;
        }
    }

    /// <summary>The first whole vector of a place that has one to spare.</summary>
    private static float* Aligned(float* place)
    {
        nuint bytes = (nuint)TIsa.Lanes * sizeof(float);
        return (float*)(((nuint)place + bytes - 1) / bytes * bytes);
    }

    private static void CheckTiles(WinogradLayout layout, int first, int count, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)first + (uint)count, (uint)layout.TileCount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(channels % TIsa.Lanes, 0);
    }

    /// <summary>Six values as a polynomial's, at the points; each row of the transform has integers of at most 5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Forward(TFloat x0, TFloat x1, TFloat x2, TFloat x3, TFloat x4, TFloat x5, float* target, nint stride)
    {
        TFloat two = TIsa.Broadcast(2), minusFour = TIsa.Broadcast(-4), minusFive = TIsa.Broadcast(-5), four = TIsa.Broadcast(4);
        TFloat even = TIsa.MultiplyAdd(minusFour, x2, x4), odd = TIsa.MultiplyAdd(minusFour, x1, x3);
        TFloat difference = TIsa.Subtract(x4, x2), twice = TIsa.Multiply(two, TIsa.Subtract(x3, x1));
        TIsa.Store(target, TIsa.MultiplyAdd(four, x0, TIsa.MultiplyAdd(minusFive, x2, x4)));
        TIsa.Store(target + stride, TIsa.Add(even, odd));
        TIsa.Store(target + 2 * stride, TIsa.Subtract(even, odd));
        TIsa.Store(target + 3 * stride, TIsa.Add(difference, twice));
        TIsa.Store(target + 4 * stride, TIsa.Subtract(difference, twice));
        TIsa.Store(target + 5 * stride, TIsa.MultiplyAdd(four, x1, TIsa.MultiplyAdd(minusFive, x3, x5)));
    }

    /// <summary>From the points back to four coefficients, or to two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Backward(int count, TFloat x0, TFloat x1, TFloat x2, TFloat x3, TFloat x4, TFloat x5, float* target, nint stride)
    {
        TFloat sum = TIsa.Add(x1, x2), difference = TIsa.Subtract(x1, x2), farSum = TIsa.Add(x3, x4), farDifference = TIsa.Subtract(x3, x4);
        TFloat second = TIsa.MultiplyAdd(TIsa.Broadcast(2), farDifference, difference);
        TIsa.Store(target, TIsa.Add(TIsa.Add(x0, sum), farSum));
        if (count == 2)
        {
            TIsa.Store(target + stride, TIsa.Add(second, x5));
            return;
        }

        TIsa.Store(target + stride, second);
        TIsa.Store(target + 2 * stride, TIsa.MultiplyAdd(TIsa.Broadcast(4), farSum, sum));
        TIsa.Store(target + 3 * stride, TIsa.Add(TIsa.MultiplyAdd(TIsa.Broadcast(8), farDifference, difference), x5));
    }
}
