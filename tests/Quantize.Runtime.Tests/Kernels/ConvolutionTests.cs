using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>Convolutions of small integers, exact in any order, against seven plain loops.</summary>
public sealed class ConvolutionTests
{
    private static readonly ConvolutionGeometry[] Geometries =
    [
        Geometry(5, 5, 1, filter: (3, 3), stride: (1, 1), dilation: (1, 1), padding: (0, 0, 0, 0), groups: 1),
        Geometry(6, 7, 3, filter: (3, 3), stride: (1, 1), dilation: (1, 1), padding: (1, 1, 1, 1), groups: 1),
        Geometry(9, 8, 4, filter: (5, 3), stride: (2, 1), dilation: (1, 1), padding: (1, 2, 0, 1), groups: 1),
        Geometry(11, 10, 5, filter: (3, 2), stride: (1, 3), dilation: (2, 3), padding: (2, 2, 1, 2), groups: 1),
        Geometry(7, 7, 6, filter: (3, 3), stride: (2, 2), dilation: (1, 1), padding: (0, 1, 0, 1), groups: 2),
        Geometry(8, 6, 6, filter: (2, 3), stride: (1, 1), dilation: (3, 2), padding: (1, 2, 2, 2), groups: 3),
        Geometry(4, 9, 8, filter: (1, 1), stride: (1, 1), dilation: (1, 1), padding: (0, 0, 0, 0), groups: 1),
        Geometry(9, 9, 7, filter: (1, 1), stride: (3, 2), dilation: (1, 1), padding: (0, 0, 0, 0), groups: 1),
        Geometry(4, 4, 4, filter: (2, 2), stride: (1, 1), dilation: (1, 1), padding: (0, 0, 0, 0), groups: 4),
    ];

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void A_float_convolution_is_a_product_over_the_padded_image(string row)
    {
        foreach (ConvolutionGeometry geometry in Geometries)
        {
            const int OutputsPerGroup = 5;
            FloatGemm gemm = KernelRows.Of(row).FloatGemm;
            float[] image = Integers(1, geometry.InputLength, -8, 8), weights = Integers(2, geometry.Groups * OutputsPerGroup * geometry.ToGemm().Depth, -8, 8);
            float[] padded = Padded(geometry, image, 0);
            var output = new float[geometry.OutputPixels * geometry.Groups * OutputsPerGroup];
            ForEachGroup(geometry, OutputsPerGroup, (product, group, start) =>
            {
                PackedFloatWeights packed = gemm.Pack(weights.AsSpan(group * OutputsPerGroup * product.Depth, OutputsPerGroup * product.Depth), [], OutputsPerGroup, product.Depth);
                gemm.Run(padded.AsSpan(start), product, packed, output.AsSpan(group * OutputsPerGroup), geometry.Groups * OutputsPerGroup, float.MinValue, float.MaxValue);
            });
            Assert.Equal(Naive(geometry, image, weights, OutputsPerGroup), output);
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void A_hybrid_convolution_pads_with_its_zero_point(string row)
    {
        foreach (ConvolutionGeometry geometry in Geometries)
        {
            CheckHybrid(geometry, KernelRows.Of(row).PreciseGemm, zeroPoint: -77, low: -128);
            CheckHybrid(geometry, KernelRows.Of(row).FastGemm, zeroPoint: 0, low: 0);
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void A_depthwise_convolution_filters_each_channel_alone(string row)
    {
        foreach (ConvolutionGeometry geometry in Geometries.Where(geometry => geometry.Groups == 1))
        {
            foreach (int multiplier in (int[])[1, 2, 9])
            {
                int channels = geometry.Channels * multiplier, taps = geometry.FilterHeight * geometry.FilterWidth;
                float[] image = Integers(1, geometry.InputLength, -8, 8), filter = Integers(2, taps * channels, -8, 8);
                var output = new float[geometry.OutputPixels * channels];
                KernelRows.Of(row).Depthwise.Run(image, geometry, multiplier, filter, new float[channels], new float[channels], output, float.MinValue, float.MaxValue);
                ConvolutionGeometry grouped = geometry with { Groups = geometry.Channels };
                float[] transposed = [.. Enumerable.Range(0, channels * taps).Select(i => filter[i % taps * channels + i / taps])];
                Assert.Equal(Naive(grouped, image, transposed, multiplier), output);
            }
        }
    }

    /// <summary>Every number of groups and pixels that a row is cut into, with either edge outside or not, and more channels than stay in a cache together.</summary>
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void A_depthwise_row_of_any_width_is_right_at_both_edges(string row)
    {
        foreach (int width in Enumerable.Range(1, 31))
        {
            foreach ((int left, int right) in ((int, int)[])[(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)])
            {
                for (int stride = 1; stride <= 3 && width + left + right >= 3; stride++)
                    CheckDepthwise(row, Geometry(4, width, 16 + width, filter: (3, 3), stride: (1, stride), dilation: (1, 1), padding: (1, 1, left, right), groups: 1));
            }
        }

        CheckDepthwise(row, Geometry(5, 40, 1000, filter: (3, 3), stride: (1, 1), dilation: (1, 1), padding: (1, 1, 1, 1), groups: 1));
        CheckDepthwise(row, Geometry(9, 8, 520, filter: (7, 3), stride: (2, 1), dilation: (1, 1), padding: (3, 3, 1, 1), groups: 1));
    }

    private static void CheckDepthwise(string row, ConvolutionGeometry geometry)
    {
        int taps = geometry.FilterHeight * geometry.FilterWidth, channels = geometry.Channels;
        float[] image = Integers(1, geometry.InputLength, -8, 8), filter = Integers(2, taps * channels, -8, 8);
        var output = new float[geometry.OutputPixels * channels];
        KernelRows.Of(row).Depthwise.Run(image, geometry, 1, filter, new float[channels], new float[channels], output, float.MinValue, float.MaxValue);
        float[] transposed = [.. Enumerable.Range(0, channels * taps).Select(i => filter[i % taps * channels + i / taps])];
        Assert.Equal(Naive(geometry with { Groups = channels }, image, transposed, 1), output);
    }

    private static void CheckHybrid(ConvolutionGeometry geometry, HybridGemm gemm, int zeroPoint, int low)
    {
        const int OutputsPerGroup = 5;
        int depth = geometry.ToGemm().Depth;
        float[] codes = Integers(3, geometry.InputLength, low, 127), weights = Integers(4, geometry.Groups * OutputsPerGroup * depth, -127, 127);
        sbyte[] weightCodes = [.. weights.Select(weight => (sbyte)weight)];
        int shift = gemm.Form.Shift(zeroPoint), correction = zeroPoint + shift;
        float[] padded = Padded(geometry, [.. codes.Select(code => code + shift)], correction);
        byte[] stored = Stored(padded, gemm.Form);
        var output = new float[geometry.OutputPixels * geometry.Groups * OutputsPerGroup];
        ForEachGroup(geometry, OutputsPerGroup, (product, group, start) =>
        {
            PackedHybridWeights packed = gemm.Pack(
                weightCodes.AsSpan(group * OutputsPerGroup * depth, OutputsPerGroup * depth), [1], [], OutputsPerGroup, product.SegmentOffsets.Length, product.SegmentLength);
            gemm.Run(
                stored.AsSpan(start * gemm.Form.Bytes()), product, packed, [1], [correction], output.AsSpan(group * OutputsPerGroup), geometry.Groups * OutputsPerGroup,
                float.MinValue, float.MaxValue);
        });
        Assert.Equal(Naive(geometry, [.. codes.Select(code => code - zeroPoint)], weights, OutputsPerGroup), output);
    }

    private static ConvolutionGeometry Geometry(
        int height, int width, int channels, (int Height, int Width) filter, (int Height, int Width) stride, (int Height, int Width) dilation,
        (int Top, int Bottom, int Left, int Right) padding, int groups) => new(
        height, width, channels,
        (height + padding.Top + padding.Bottom - (filter.Height - 1) * dilation.Height - 1) / stride.Height + 1,
        (width + padding.Left + padding.Right - (filter.Width - 1) * dilation.Width - 1) / stride.Width + 1,
        filter.Height, filter.Width, stride.Height, stride.Width, dilation.Height, dilation.Width, padding.Top, padding.Left, groups);

    private static void ForEachGroup(ConvolutionGeometry geometry, int outputs, Action<GemmGeometry, int, int> run)
    {
        GemmGeometry product = geometry.ToGemm();
        for (int group = 0; group < geometry.Groups; group++)
            run(product, group, geometry.Groups > 1 ? group * product.SegmentLength : 0);
        Assert.Equal(geometry.OutputPixels, product.Rows);
    }

    private static float[] Padded(ConvolutionGeometry geometry, float[] image, float outside)
    {
        if (!geometry.NeedsPadding)
            return image;
        var padded = new float[geometry.PaddedLength];
        geometry.Pad<float>(image, outside, padded);
        return padded;
    }

    private static byte[] Stored(float[] values, ActivationForm form)
    {
        var stored = new byte[values.Length * form.Bytes() + HybridGemm.ReadAhead];
        for (int i = 0; i < values.Length; i++)
        {
            if (form.Bytes() == 2)
                MemoryMarshal.Cast<byte, short>(stored.AsSpan(0, values.Length * 2))[i] = (short)values[i];
            else
                stored[i] = unchecked((byte)(int)values[i]);
        }

        return stored;
    }

    private static float[] Integers(int seed, int count, int low, int high)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(low, high + 1))];
    }

    /// <summary>Filter [outputs, height, width, channels / groups], output [height, width, outputs].</summary>
    private static float[] Naive(ConvolutionGeometry g, float[] image, float[] filter, int outputsPerGroup)
    {
        int outputs = g.Groups * outputsPerGroup, depth = g.Channels / g.Groups;
        var result = new float[g.OutputPixels * outputs];
        for (int i = 0; i < result.Length; i++)
        {
            int output = i % outputs, x = i / outputs % g.OutputWidth, y = i / outputs / g.OutputWidth;
            for (int fy = 0; fy < g.FilterHeight; fy++)
            {
                for (int fx = 0; fx < g.FilterWidth; fx++)
                {
                    int row = y * g.StrideHeight - g.PaddingTop + fy * g.DilationHeight, column = x * g.StrideWidth - g.PaddingLeft + fx * g.DilationWidth;
                    if (row < 0 || row >= g.InputHeight || column < 0 || column >= g.InputWidth)
                        continue;
                    for (int c = 0; c < depth; c++)
                        result[i] += image[(row * g.InputWidth + column) * g.Channels + output / outputsPerGroup * depth + c] * filter[((output * g.FilterHeight + fy) * g.FilterWidth + fx) * depth + c];
                }
            }
        }

        return result;
    }
}
