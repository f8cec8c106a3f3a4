using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class FloatGemmTests
{
    private static readonly int[] RowCounts = [1, 2, 5, 6, 7, 13];
    private static readonly int[] OutputCounts = [1, 3, 8, 16, 17, 31, 32, 33, 63, 65, 130];
    private static readonly int[] Depths = [1, 2, 3, 7, 16, 33, 200];

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Every_size_is_within_the_bound_of_a_float_sum(string row)
    {
        var random = new Random(1);
        foreach (int rows in RowCounts)
        {
            foreach (int outputs in OutputCounts)
            {
                foreach (int depth in Depths)
                    Check(KernelRows.Of(row).FloatGemm, GemmGeometry.Dense(rows, depth, depth), outputs, random);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Segments_may_lie_anywhere(string row)
    {
        var random = new Random(2);
        int[] offsets = [40, 0, 7, 7, 90, 33, 12, 61];
        foreach (int rows in RowCounts.Where(count => count <= offsets.Length))
            Check(KernelRows.Of(row).FloatGemm, new GemmGeometry(offsets[..rows], [5, 0, 100], 9), 37, random);
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Results_are_clamped_and_nothing_is_written_between_the_rows(string row)
    {
        const int Rows = 7, Outputs = 19, Depth = 4, Stride = 23;
        FloatGemm gemm = KernelRows.Of(row).FloatGemm;
        float[] a = Numbers.Floats(new Random(3), Rows * Depth, 10), weights = Numbers.Floats(new Random(4), Outputs * Depth, 10);
        var c = new float[Rows * Stride];
        Array.Fill(c, 1234);
        gemm.Run(a, GemmGeometry.Dense(Rows, Depth, Depth), gemm.Pack(weights, [], Outputs, Depth), c, Stride, -2, 6);
        for (int i = 0; i < c.Length; i++)
        {
            if (i % Stride < Outputs)
                Assert.InRange(c[i], -2, 6);
            else
                Assert.Equal(1234, c[i]);
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void NaN_and_infinity_reach_their_row_only(string row)
    {
        const int Rows = 8, Outputs = 20, Depth = 5;
        FloatGemm gemm = KernelRows.Of(row).FloatGemm;
        var a = new float[Rows * Depth];
        Array.Fill(a, 1);
        a[2 * Depth + 3] = float.NaN;
        a[6 * Depth] = float.PositiveInfinity;
        float[] weights = [.. Enumerable.Repeat(1f, Outputs * Depth)];
        var c = new float[Rows * Outputs];
        gemm.Run(a, GemmGeometry.Dense(Rows, Depth, Depth), gemm.Pack(weights, [], Outputs, Depth), c, Outputs, float.NegativeInfinity, float.PositiveInfinity);
        for (int i = 0; i < c.Length; i++)
            Assert.Equal((i / Outputs) switch { 2 => float.NaN, 6 => float.PositiveInfinity, _ => Depth }, c[i]);
    }

    /// <summary>A sum of n products in float, in any order, fused or not: (n + 1) / 2^24 of the sum of their magnitudes.</summary>
    private static void Check(FloatGemm gemm, GemmGeometry geometry, int outputs, Random random)
    {
        int depth = geometry.Depth;
        float[] a = Numbers.Floats(random, geometry.Extent), weights = Numbers.Floats(random, outputs * depth), bias = Numbers.Floats(random, outputs);
        var c = new float[geometry.Rows * outputs];
        gemm.Run(a, geometry, gemm.Pack(weights, bias, outputs, depth), c, outputs, float.NegativeInfinity, float.PositiveInfinity);
        for (int m = 0; m < geometry.Rows; m++)
        {
            for (int n = 0; n < outputs; n++)
            {
                double sum = bias[n], magnitude = Math.Abs(bias[n]);
                for (int k = 0; k < depth; k++)
                {
                    double product = (double)a[geometry.RowOffsets[m] + geometry.SegmentOffsets[k / geometry.SegmentLength] + k % geometry.SegmentLength] * weights[n * depth + k];
                    sum += product;
                    magnitude += Math.Abs(product);
                }

                double error = Math.Abs(sum - c[m * outputs + n]);
                Assert.True(error <= (depth + 1) * magnitude / (1 << 24), $"[{geometry.Rows} x {depth}] * [{depth} x {outputs}]: element [{m}, {n}] is {c[m * outputs + n]:R}, not {sum:R}");
            }
        }
    }
}
