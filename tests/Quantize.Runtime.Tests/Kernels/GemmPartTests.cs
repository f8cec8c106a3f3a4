using Quantize.Runtime.Kernels;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>A product cut into parts, in whatever way and order, has the bits of the whole, and a part writes its own elements only.</summary>
public sealed class GemmPartTests
{
    private const float Untouched = 1234;

    private static readonly (int Rows, int Outputs, int Depth)[] Sizes = [(1, 301, 37), (7, 130, 33), (13, 65, 200), (50, 31, 19), (61, 17, 64)];

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Float(string row)
    {
        FloatGemm gemm = KernelRows.Of(row).FloatGemm;
        foreach ((int rows, int outputs, int depth) in Sizes)
        {
            var random = new Random(rows);
            float[] a = Numbers.Floats(random, rows * depth);
            PackedFloatWeights weights = gemm.Pack(Numbers.Floats(random, outputs * depth), Numbers.Floats(random, outputs), outputs, depth);
            var geometry = GemmGeometry.Dense(rows, depth, depth);
            Check(rows, outputs, gemm.PanelWidth, (part, c) => gemm.Run(a, geometry, part, weights, c, outputs, -1, 2));
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Hybrid_with_one_scale(string row) => CheckHybrid(row, scaleEachRow: false);

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Hybrid_with_a_scale_for_each_row(string row) => CheckHybrid(row, scaleEachRow: true);

    [Fact]
    public void A_part_that_is_not_in_the_product_or_begins_within_a_panel_is_refused()
    {
        FloatGemm gemm = KernelSets.Choose(null).FloatGemm;
        PackedFloatWeights weights = gemm.Pack(new float[100 * 4], [], 100, 4);
        var geometry = GemmGeometry.Dense(9, 4, 4);
        foreach (GemmPart part in new GemmPart[] { new(0, 10, 0, 100), new(8, 2, 0, 100), new(-1, 2, 0, 100), new(0, 9, 0, 101), new(0, 9, 1, 99), new(int.MaxValue, 9, 0, 100) })
            Assert.Throws<ArgumentOutOfRangeException>(() => gemm.Run(new float[36], geometry, part, weights, new float[900], 100, -1, 1));
    }

    private static void CheckHybrid(string row, bool scaleEachRow)
    {
        HybridGemm gemm = KernelRows.Of(row).PreciseGemm;
        foreach ((int rows, int outputs, int depth) in Sizes)
        {
            var random = new Random(rows);
            var a = new byte[rows * depth * gemm.Form.Bytes() + HybridGemm.ReadAhead];
            for (int i = 0; i < rows * depth; i++)
                a[i * gemm.Form.Bytes()] = (byte)random.Next(100);
            PackedHybridWeights weights = gemm.Pack(Numbers.Bytes(random, outputs * depth, -127, 127), Numbers.Floats(random, outputs, 0.01f), Numbers.Floats(random, outputs), outputs, 1, depth);
            float[] scales = [.. Enumerable.Range(1, scaleEachRow ? rows : 1).Select(m => 0.3f / m)];
            int[] corrections = [.. Enumerable.Range(0, scales.Length).Select(m => m % 11)];
            var geometry = GemmGeometry.Dense(rows, depth, depth);
            Check(rows, outputs, gemm.PanelWidth, (part, c) => gemm.Run(a, geometry, part, weights, scales, corrections, c, outputs, -1, 2));
        }
    }

    private static void Check(int rows, int outputs, int panelWidth, Action<GemmPart, float[]> run)
    {
        var whole = new float[rows * outputs];
        run(new GemmPart(rows, outputs), whole);
        foreach (GemmPart part in Parts(rows, outputs, panelWidth))
        {
            var c = new float[rows * outputs];
            Array.Fill(c, Untouched);
            run(part, c);
            for (int i = 0; i < c.Length; i++)
            {
                int m = i / outputs, n = i % outputs;
                bool isInside = m >= part.FirstRow && m < part.FirstRow + part.Rows && n >= part.FirstOutput && n < part.FirstOutput + part.Outputs;
                Assert.Equal(BitConverter.SingleToInt32Bits(isInside ? whole[i] : Untouched), BitConverter.SingleToInt32Bits(c[i]));
            }
        }
    }

    private static IEnumerable<GemmPart> Parts(int rows, int outputs, int panelWidth)
    {
        foreach (int height in new[] { 1, 6, 11, rows })
        {
            for (int first = 0; first < rows; first += height)
                yield return new GemmPart(first, Math.Min(height, rows - first), 0, outputs);
        }

        foreach (int width in new[] { panelWidth, 4 * panelWidth })
        {
            for (int first = 0; first < outputs; first += width)
                yield return new GemmPart(rows / 3, rows - rows / 3, first, Math.Min(width, outputs - first));
        }
    }
}
