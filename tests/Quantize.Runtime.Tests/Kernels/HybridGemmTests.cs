using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>With scales of 1 and no bias an output is the integer itself, so the integers of a plain triple loop must come out exactly.</summary>
public sealed class HybridGemmTests
{
    private static readonly int[] RowCounts = [1, 2, 5, 6, 7, 13];
    private static readonly int[] OutputCounts = [1, 3, 15, 16, 17, 32, 33, 64, 65, 130];
    private static readonly int[] Depths = [1, 2, 3, 4, 5, 31, 32, 33, 200];
    private static readonly int[] ZeroPoints = [-128, -1, 0, 77, 127];

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Precise_sums_are_exact_for_every_size_and_zero_point(string row)
    {
        var random = new Random(1);
        foreach (int rows in RowCounts)
        {
            foreach (int outputs in OutputCounts)
            {
                foreach (int depth in Depths)
                {
                    int[] zeroPoints = [.. Enumerable.Range(0, rows).Select(m => ZeroPoints[m % ZeroPoints.Length])];
                    CheckIntegers(KernelRows.Of(row).PreciseGemm, GemmGeometry.Dense(rows, depth, depth), outputs, zeroPoints, random, low: -128);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Fast_sums_are_exact_for_every_size(string row)
    {
        var random = new Random(2);
        foreach (int rows in RowCounts)
        {
            foreach (int outputs in OutputCounts)
            {
                foreach (int depth in Depths)
                    CheckIntegers(KernelRows.Of(row).FastGemm, GemmGeometry.Dense(rows, depth, depth), outputs, new int[rows], random, low: 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Segments_may_lie_anywhere(string row)
    {
        int[] offsets = [40, 0, 7, 7, 90, 33, 12, 61];
        for (int length = 1; length <= 9; length++)
        {
            var geometry = new GemmGeometry(offsets, [5, 0, 100], length);
            CheckIntegers(KernelRows.Of(row).PreciseGemm, geometry, 37, [1, -128, 127, 0, -5, 6, 7, 8], new Random(3), low: -128);
            CheckIntegers(KernelRows.Of(row).FastGemm, geometry, 37, new int[8], new Random(4), low: 0);
        }
    }

    /// <summary>Every product the greatest there is: where a kernel summed pairs in 16 bits, 255 * 127 * 2 would saturate.</summary>
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void The_greatest_products_do_not_saturate(string row)
    {
        foreach (int weight in (int[])[-128, -127, 127])
        {
            foreach (int rows in (int[])[1, 7])
            {
                foreach ((int code, int zeroPoint) in ((int, int)[])[(127, -128), (-128, 127), (127, 0), (-128, 0), (127, 127)])
                    CheckConstant(KernelRows.Of(row).PreciseGemm, rows, code, zeroPoint, weight);
                CheckConstant(KernelRows.Of(row).FastGemm, rows, 127, 0, weight);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Scale_bias_and_bounds_apply_to_each_row_and_output(string row)
    {
        const int Rows = 9, Outputs = 21, Depth = 10;
        var random = new Random(5);
        HybridGemm gemm = KernelRows.Of(row).PreciseGemm;
        sbyte[] codes = Numbers.Bytes(random, Rows * Depth, -128, 127), weights = Numbers.Bytes(random, Outputs * Depth, -127, 127);
        float[] scales = Numbers.Floats(random, Outputs, 0.01f), bias = Numbers.Floats(random, Outputs);
        float[] rowScales = [.. Enumerable.Range(0, Rows).Select(m => 0.5f / (m * m + 1))];
        int[] zeroPoints = [.. Enumerable.Range(0, Rows).Select(m => 31 * m - 125)];
        var c = new float[Rows * Outputs];
        gemm.Run(
            Store(codes, Depth, zeroPoints, gemm.Form), GemmGeometry.Dense(Rows, Depth, Depth), gemm.Pack(weights, scales, bias, Outputs, 1, Depth), rowScales,
            [.. zeroPoints.Select(zeroPoint => Correction(gemm.Form, zeroPoint))], c, Outputs, -1, 6);
        for (int m = 0; m < Rows; m++)
        {
            for (int n = 0; n < Outputs; n++)
            {
                int sum = 0;
                for (int k = 0; k < Depth; k++)
                    sum += (codes[m * Depth + k] - zeroPoints[m]) * weights[n * Depth + k];
                double exact = (double)sum * rowScales[m] * scales[n] + bias[n];
                double tolerance = 3.0 / (1 << 24) * (Math.Abs(exact - bias[n]) + Math.Abs(bias[n]));
                Assert.Equal(Math.Clamp(exact, -1, 6), c[m * Outputs + n], tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Sums_start_from_the_bias_and_cover_the_rows_asked_for(string row)
    {
        const int Rows = 9, Depth = 11, ZeroPoint = -7;
        var random = new Random(6);
        HybridGemm gemm = KernelRows.Of(row).PreciseGemm;
        sbyte[] codes = Numbers.Bytes(random, Rows * Depth, -128, 127);
        byte[] stored = Store(codes, Depth, [.. Enumerable.Repeat(ZeroPoint, Rows)], gemm.Form);
        foreach (int outputs in OutputCounts)
        {
            sbyte[] weights = Numbers.Bytes(random, outputs * Depth, -128, 127);
            int[] bias = [.. Enumerable.Range(0, outputs).Select(_ => random.Next(int.MinValue, int.MaxValue))];
            foreach ((int first, int count) in ((int, int)[])[(0, Rows), (3, 6), (8, 1)])
            {
                var sums = new int[count * outputs];
                gemm.RunSums(stored, GemmGeometry.Dense(Rows, Depth, Depth), first, count, gemm.Pack(weights, bias, outputs, 1, Depth), Correction(gemm.Form, ZeroPoint), sums);
                for (int i = 0; i < sums.Length; i++)
                {
                    int m = first + i / outputs, n = i % outputs, sum = bias[n];
                    for (int k = 0; k < Depth; k++)
                        sum = unchecked(sum + (codes[m * Depth + k] - ZeroPoint) * weights[n * Depth + k]);
                    Assert.Equal(sum, sums[i]);
                }
            }
        }
    }

    /// <summary>A scale that is not a number, for activations that are not, makes the row's outputs so, whatever the bounds.</summary>
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void A_scale_that_is_no_number_is_not_clamped_away(string row)
    {
        const int Rows = 7, Outputs = 20, Depth = 6;
        foreach (HybridGemm gemm in (HybridGemm[])[KernelRows.Of(row).PreciseGemm, KernelRows.Of(row).FastGemm])
        {
            float[] rowScales = [1, 1, float.NaN, 1, 1, 1, 1];
            var c = new float[Rows * Outputs];
            gemm.Run(
                new byte[Rows * Depth * gemm.Form.Bytes() + HybridGemm.ReadAhead], GemmGeometry.Dense(Rows, Depth, Depth), gemm.Pack(new sbyte[Outputs * Depth], [1], [], Outputs, 1, Depth),
                rowScales, new int[Rows], c, Outputs, 0, 6);
            for (int i = 0; i < c.Length; i++)
                Assert.Equal(i / Outputs == 2 ? float.NaN : 0, c[i]);
        }
    }

    private static void CheckConstant(HybridGemm gemm, int rows, int code, int zeroPoint, int weight)
    {
        const int Outputs = 35, Depth = 515;
        sbyte[] codes = [.. Enumerable.Repeat((sbyte)code, rows * Depth)], weights = [.. Enumerable.Repeat((sbyte)weight, Outputs * Depth)];
        float[] c = Run(gemm, GemmGeometry.Dense(rows, Depth, Depth), Outputs, codes, [.. Enumerable.Repeat(zeroPoint, rows)], weights);
        Assert.All(c, value => Assert.Equal((code - zeroPoint) * weight * Depth, (int)value));
    }

    private static void CheckIntegers(HybridGemm gemm, GemmGeometry geometry, int outputs, int[] zeroPoints, Random random, int low)
    {
        int depth = geometry.Depth, length = geometry.SegmentLength;
        sbyte[] codes = Numbers.Bytes(random, geometry.Extent, low, 127), weights = Numbers.Bytes(random, outputs * depth, -128, 127);
        if (geometry.SegmentOffsets.Length > 1)
            zeroPoints = [.. zeroPoints.Select(_ => zeroPoints[0])]; // rows share elements, and with them the form they are stored in
        float[] c = Run(gemm, geometry, outputs, codes, zeroPoints, weights);
        for (int m = 0; m < geometry.Rows; m++)
        {
            for (int n = 0; n < outputs; n++)
            {
                int sum = 0;
                for (int k = 0; k < depth; k++)
                    sum += (codes[geometry.RowOffsets[m] + geometry.SegmentOffsets[k / length] + k % length] - zeroPoints[m]) * weights[n * depth + k];
                Assert.True(sum == c[m * outputs + n], $"[{geometry.Rows} x {depth}] * [{depth} x {outputs}]: element [{m}, {n}] is {c[m * outputs + n]}, not {sum}");
            }
        }
    }

    private static float[] Run(HybridGemm gemm, GemmGeometry geometry, int outputs, sbyte[] codes, int[] zeroPoints, sbyte[] weights)
    {
        PackedHybridWeights packed = gemm.Pack(weights, [1], [], outputs, geometry.SegmentOffsets.Length, geometry.SegmentLength);
        byte[] stored = Store(codes, Math.Max(1, codes.Length / geometry.Rows), zeroPoints, gemm.Form);
        int[] corrections = [.. zeroPoints.Select(zeroPoint => Correction(gemm.Form, zeroPoint))];
        var c = new float[geometry.Rows * outputs];
        gemm.Run(stored, geometry, packed, [.. zeroPoints.Select(_ => 1f)], corrections, c, outputs, float.NegativeInfinity, float.PositiveInfinity);
        return c;
    }

    private static int Correction(ActivationForm form, int zeroPoint) => zeroPoint + form.Shift(zeroPoint);

    private static byte[] Store(sbyte[] codes, int depth, int[] zeroPoints, ActivationForm form)
    {
        var stored = new byte[codes.Length * form.Bytes() + HybridGemm.ReadAhead];
        stored.AsSpan().Fill(0x5A); // what a last group reads past the end counts for nothing
        for (int i = 0; i < codes.Length; i++)
        {
            int value = codes[i] + form.Shift(zeroPoints[Math.Min(i / depth, zeroPoints.Length - 1)]);
            if (form.Bytes() == 2)
                MemoryMarshal.Cast<byte, short>(stored.AsSpan(0, codes.Length * 2))[i] = (short)value;
            else
                stored[i] = unchecked((byte)value);
        }

        return stored;
    }
}
