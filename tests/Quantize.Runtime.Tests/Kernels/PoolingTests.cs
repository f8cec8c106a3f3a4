using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class PoolingTests
{
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Windows_fold_what_lies_inside_the_input(string row)
    {
        Pooling pooling = KernelRows.Of(row).Pooling;
        foreach (int channels in (int[])[1, 3, 4, 8, 16, 17, 37])
        {
            foreach (PoolGeometry geometry in Geometries(channels))
            {
                float[] input = Numbers.Floats(new Random(channels), geometry.Batch * geometry.InputHeight * geometry.InputWidth * channels, 10);
                var maxima = new float[geometry.Batch * geometry.OutputHeight * geometry.OutputWidth * channels];
                var averages = new float[maxima.Length];
                pooling.Max(input, geometry, maxima, -4, 9);
                pooling.Average(input, geometry, averages, -4, 9);
                for (int i = 0; i < maxima.Length; i++)
                {
                    float[] window = Window(input, geometry, i);
                    Assert.Equal(Math.Clamp(window.Max(), -4, 9), maxima[i]);
                    Assert.Equal(Math.Clamp(window.Average(value => (double)value), -4, 9), averages[i], 1e-5);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void NaN_is_the_greatest_of_its_window(string row)
    {
        var geometry = new PoolGeometry(1, 2, 2, 5, 1, 1, 2, 2, 1, 1, 0, 0);
        float[] input = Numbers.Floats(new Random(1), 20), output = new float[5];
        Array.Fill(input, float.NaN, 5, 5);
        KernelRows.Of(row).Pooling.Max(input, geometry, output, 0, 6);
        Assert.All(output, value => Assert.Equal(float.NaN, value));
    }

    private static IEnumerable<PoolGeometry> Geometries(int channels) =>
    [
        new(2, 6, 5, channels, 3, 2, 2, 2, 2, 2, 0, 0),
        new(1, 5, 5, channels, 5, 5, 3, 3, 1, 1, 1, 1),
        new(1, 4, 7, channels, 2, 7, 4, 1, 3, 1, 1, 0),
        new(3, 1, 1, channels, 1, 1, 1, 1, 1, 1, 0, 0),
    ];

    private static float[] Window(float[] input, PoolGeometry g, int output)
    {
        int channel = output % g.Channels, x = output / g.Channels % g.OutputWidth, y = output / g.Channels / g.OutputWidth % g.OutputHeight, item = output / g.Channels / g.OutputWidth / g.OutputHeight;
        List<float> window = [];
        for (int i = y * g.StrideHeight - g.PaddingTop; i < y * g.StrideHeight - g.PaddingTop + g.FilterHeight; i++)
        {
            for (int j = x * g.StrideWidth - g.PaddingLeft; j < x * g.StrideWidth - g.PaddingLeft + g.FilterWidth; j++)
            {
                if (i >= 0 && i < g.InputHeight && j >= 0 && j < g.InputWidth)
                    window.Add(input[((item * g.InputHeight + i) * g.InputWidth + j) * g.Channels + channel]);
            }
        }

        return [.. window];
    }
}
