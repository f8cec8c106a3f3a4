using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>Vectors against the scalar products of <see cref="FixedPointMultiplier"/>: every integer equal, on every row.</summary>
public sealed class RequantizerTests
{
    private const int Rows = 3;

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Codes_are_those_of_the_scalar_products(string row)
    {
        var random = new Random(8);
        foreach (int outputs in (int[])[1, 3, 4, 8, 15, 16, 17, 40])
        {
            foreach (FixedPointRounding rounding in Enum.GetValues<FixedPointRounding>())
            {
                FixedPointMultiplier[] factors = [.. Enumerable.Range(0, outputs).Select(_ => FixedPointMultiplier.Of(Math.Pow(2, random.NextDouble() * 30 - 26)))];
                int[] sums = [.. Enumerable.Range(0, Rows * outputs).Select(i => i % 5 == 0 ? random.Next(-40, 40) : random.Next(-(1 << 24), 1 << 24))];
                Check<sbyte>(row, factors, rounding, sums, -7, -100, 120);
                Check<byte>(row, factors, rounding, sums, 3, 0, 255);
                Check<short>(row, factors, rounding, sums, 0, short.MinValue, short.MaxValue);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Halves_go_where_the_rounding_says(string row)
    {
        var quarter = new FixedPointMultiplier(1 << 30, -1);
        int[] sums = [-6, -2, 2, 6];
        Assert.Equal((sbyte[])[-2, -1, 1, 2], Codes<sbyte>(row, [quarter], FixedPointRounding.Twice, sums, 4, 0, -128, 127));
        Assert.Equal((sbyte[])[-1, 0, 1, 2], Codes<sbyte>(row, [quarter], FixedPointRounding.TwiceUp, sums, 4, 0, -128, 127));
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Exact_floats_become_sums_with_their_bias(string row)
    {
        const int Outputs = 19;
        float[] exact = [.. Enumerable.Range(0, 2 * Outputs).Select(i => (i % 2 == 0 ? 1f : -1f) * (16777215 - i))];
        int[] bias = [.. Enumerable.Range(0, Outputs).Select(n => n * 100000007)];
        int[] sums = [.. exact.Select((value, i) => unchecked((int)value + bias[i % Outputs]))];
        foreach (double factor in (double[])[0.1e-7, 3.7])
        {
            var form = new Requantization(KernelRows.Of(row).Requantizer, [FixedPointMultiplier.Of(factor)], Outputs, FixedPointRounding.TwiceUp, -5, -128, 127);
            sbyte[] wanted = new sbyte[exact.Length], codes = new sbyte[exact.Length];
            form.Rows<sbyte>(sums, 2, Outputs, 0, Outputs, wanted);
            form.Exact<sbyte>(exact, Requantization.Filled(bias), codes);
            Assert.Equal(wanted, codes);
        }
    }

    /// <summary>The greatest sum of products that is computed in floats: 256 taps of 9 bits each.</summary>
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void The_greatest_depthwise_sum_of_codes_is_exact(string row)
    {
        const int Side = 16, Channels = 21;
        var geometry = new ConvolutionGeometry(Side, Side, Channels, 1, 1, Side, Side, 1, 1, 1, 1, 0, 0, 1);
        float[] image = [.. Enumerable.Repeat(255f, Side * Side * Channels)], sums = new float[Channels], zeros = new float[Channels];
        float[] filter = [.. Enumerable.Range(0, Side * Side * Channels).Select(i => i < Channels ? -254f : -255f)];
        KernelRows.Of(row).Depthwise.Run(image, geometry, 1, filter, zeros, zeros, sums, float.NegativeInfinity, float.PositiveInfinity);
        Assert.All(sums, sum => Assert.Equal(-255 * 255 * Side * Side + 255, sum));
    }

    private static void Check<T>(string row, FixedPointMultiplier[] factors, FixedPointRounding rounding, int[] sums, int zeroPoint, int minimum, int maximum)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        T[] wanted = [.. sums.Select((sum, i) =>
        {
            FixedPointMultiplier factor = factors[i % factors.Length];
            return T.CreateTruncating(Math.Clamp((rounding == FixedPointRounding.Twice ? factor.RoundTwice(sum) : factor.RoundTwiceUp(sum)) + (long)zeroPoint, minimum, maximum));
        })];
        Assert.Equal(wanted, Codes<T>(row, factors, rounding, sums, factors.Length, zeroPoint, minimum, maximum));
    }

    private static T[] Codes<T>(string row, FixedPointMultiplier[] factors, FixedPointRounding rounding, int[] sums, int outputs, int zeroPoint, int minimum, int maximum)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var codes = new T[sums.Length];
        var form = new Requantization(KernelRows.Of(row).Requantizer, factors, outputs, rounding, zeroPoint, minimum, maximum);
        form.Rows<T>(sums, sums.Length / outputs, outputs, 0, outputs, codes);
        return codes;
    }
}
