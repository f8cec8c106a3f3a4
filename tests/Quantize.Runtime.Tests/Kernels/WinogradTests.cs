using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>Winograd's convolutions against seven loops in double precision, within the bound that the layout states.</summary>
public sealed class WinogradTests
{
    private const double Bound = 16.0 / (1 << 24);
    private const int Channels = 32;
    private const int Outputs = 48;

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void It_stays_within_its_bound_of_the_exact_convolution(string row)
    {
        foreach (ConvolutionGeometry geometry in (ConvolutionGeometry[])[Square(16, 3), Square(19, 3), Square(12, 5), Square(15, 5), Valid(18, 17, 3)])
        {
            Assert.True(WinogradLayout.Pays(geometry, Outputs));
            var random = new Random(7);
            float[] image = Floats(random, geometry.InputLength), filter = Floats(random, Outputs * geometry.FilterHeight * geometry.FilterWidth * Channels), bias = Floats(random, Outputs);
            double greatest = image.Max(Math.Abs);
            double[] weights = [.. filter.Chunk(filter.Length / Outputs).Select(weights => weights.Sum(weight => (double)Math.Abs(weight)))];
            float[] actual = Convolve(KernelRows.Of(row), geometry, image, filter, bias);
            for (int i = 0; i < actual.Length; i++)
            {
                double expected = Math.Clamp(Exact(geometry, image, filter, i / Outputs, i % Outputs) + bias[i % Outputs], -6, 6), allowed = Bound * greatest * weights[i % Outputs];
                Assert.True(Math.Abs(actual[i] - expected) <= allowed, $"{geometry} element {i}: {actual[i]} is not {expected} within {allowed}");
            }
        }
    }

    [Theory]
    [InlineData(3, 1, 4, 8, 32, 32, false)]
    [InlineData(3, 1, 8, 8, 32, 32, true)]
    [InlineData(3, 1, 8, 8, 96, 96, false)]
    [InlineData(3, 1, 16, 16, 96, 96, true)]
    [InlineData(3, 1, 16, 16, 32, 32, true)]
    [InlineData(3, 1, 16, 16, 16, 32, true)]
    [InlineData(3, 1, 16, 16, 8, 32, false)]
    [InlineData(3, 1, 16, 16, 40, 32, false)]
    [InlineData(3, 2, 33, 33, 32, 32, false)]
    [InlineData(7, 1, 32, 32, 32, 32, false)]
    [InlineData(3, 1, 32, 32, 256, 256, false)]
    public void It_pays_for_many_tiles_and_channels_and_a_filter_that_fits_a_cache(int filter, int stride, int height, int width, int channels, int outputs, bool pays)
    {
        int outputHeight = (height + stride - 1) / stride, outputWidth = (width + stride - 1) / stride;
        var geometry = new ConvolutionGeometry(height, width, channels, outputHeight, outputWidth, filter, filter, stride, stride, 1, 1, filter / 2, filter / 2, 1);
        Assert.Equal(pays, WinogradLayout.Pays(geometry, outputs));
    }

    private static float[] Convolve(KernelSet row, ConvolutionGeometry geometry, float[] image, float[] filter, float[] bias)
    {
        var layout = new WinogradLayout(geometry, Outputs);
        float[] weights = layout.TransformFilter(filter), transformed = new float[layout.InputLength], products = new float[layout.ProductLength], zeros = new float[Channels];
        var output = new float[geometry.OutputPixels * Outputs];
        int matrix = Outputs * Channels;
        for (int first = 0; first < layout.TileCount; first += layout.Block)
        {
            int count = Math.Min(layout.Block, layout.TileCount - first), from = WinogradLayout.PlaceStride(count, Channels), to = WinogradLayout.PlaceStride(count, Outputs);
            row.Winograd.TransformInput(layout, image, zeros, first, count, transformed);
            for (int place = 0; place < WinogradLayout.Places; place++)
            {
                PackedFloatWeights packed = row.FloatGemm.Pack(weights.AsSpan(place * matrix, matrix), [], Outputs, Channels);
                row.FloatGemm.Run(
                    transformed.AsSpan(place * from), GemmGeometry.Dense(count, Channels, Channels), packed, products.AsSpan(place * to), Outputs,
                    float.NegativeInfinity, float.PositiveInfinity);
            }

            row.Winograd.TransformOutput(layout, products, bias, first, count, output, -6, 6);
        }

        return output;
    }

    private static double Exact(ConvolutionGeometry g, float[] image, float[] filter, int pixel, int output)
    {
        double sum = 0;
        for (int i = 0; i < g.FilterHeight; i++)
        {
            for (int j = 0; j < g.FilterWidth; j++)
            {
                int y = pixel / g.OutputWidth + i - g.PaddingTop, x = pixel % g.OutputWidth + j - g.PaddingLeft;
                if ((uint)y >= (uint)g.InputHeight || (uint)x >= (uint)g.InputWidth)
                    continue;
                for (int c = 0; c < Channels; c++)
                    sum += (double)image[(y * g.InputWidth + x) * Channels + c] * filter[((output * g.FilterHeight + i) * g.FilterWidth + j) * Channels + c];
            }
        }

        return sum;
    }

    private static ConvolutionGeometry Square(int size, int filter) => new(size, size, Channels, size, size, filter, filter, 1, 1, 1, 1, filter / 2, filter / 2, 1);

    private static ConvolutionGeometry Valid(int height, int width, int filter) => new(height, width, Channels, height - filter + 1, width - filter + 1, filter, filter, 1, 1, 1, 1, 0, 0, 1);

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1))];
}
