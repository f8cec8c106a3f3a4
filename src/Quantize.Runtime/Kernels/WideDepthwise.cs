namespace Quantize.Runtime.Kernels;

/// <summary>
/// Depthwise convolution of 16-bit codes into sums: for each output pixel one sum a channel, taps outside the image count nothing. Weights are [height, width, channels], their
/// zero point taken off.
/// </summary>
internal static class WideDepthwise
{
    /// <summary>The sums of one output pixel, added to what <paramref name="sums"/> holds.</summary>
    public static void Pixel(ReadOnlySpan<short> image, int zeroPoint, ReadOnlySpan<short> weights, ConvolutionGeometry g, int multiplier, int y, int x, Span<long> sums)
    {
        int channels = g.Channels * multiplier;
        for (int i = 0; i < g.FilterHeight; i++)
        {
            int row = y * g.StrideHeight - g.PaddingTop + i * g.DilationHeight;
            if ((uint)row >= (uint)g.InputHeight)
                continue;
            for (int j = 0; j < g.FilterWidth; j++)
            {
                int column = x * g.StrideWidth - g.PaddingLeft + j * g.DilationWidth;
                if ((uint)column < (uint)g.InputWidth)
                    Tap(image.Slice((row * g.InputWidth + column) * g.Channels, g.Channels), zeroPoint, weights.Slice((i * g.FilterWidth + j) * channels, channels), multiplier, sums);
            }
        }
    }

    private static void Tap(ReadOnlySpan<short> pixel, int zeroPoint, ReadOnlySpan<short> weights, int multiplier, Span<long> sums)
    {
        for (int c = 0, at = 0; c < pixel.Length; c++)
        {
            long centered = pixel[c] - zeroPoint;
            for (int m = 0; m < multiplier; m++, at++)
                sums[at] += centered * weights[at];
        }
    }
}
