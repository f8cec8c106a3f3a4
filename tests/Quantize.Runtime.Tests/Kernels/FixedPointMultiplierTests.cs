using System.Numerics;
using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>Against the definition in exact integers.</summary>
public sealed class FixedPointMultiplierTests
{
    private static readonly double[] Reals = [1, 0.5, 0.75, 1.5, 3.14159, 0.0123, 1e-5, 7.3e-9, 1e-12, 127.9, 0.49999999999999994];
    private static readonly int[] Values = [0, 1, -1, 2, -2, 3, -3, 100, -100, 12345, -12345, 1 << 20, -(1 << 20), (1 << 22) + 3, -(1 << 22) - 3];

    [Fact]
    public void A_factor_is_within_half_a_step_of_31_bits()
    {
        foreach (double real in Reals)
        {
            var factor = FixedPointMultiplier.Of(real);
            if (factor == default)
                Assert.True(real < Math.ScaleB(1, -31));
            else
                Assert.Equal(real, factor.Mantissa * Math.ScaleB(1, factor.Shift - 31), Math.ScaleB(real, -31));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_factor_is_0(double real) => Assert.Equal(default, FixedPointMultiplier.Of(real));

    [Fact]
    public void A_factor_that_rounds_up_to_a_power_of_two_has_its_mantissa() =>
        Assert.Equal(new FixedPointMultiplier(1 << 30, 1), FixedPointMultiplier.Of(Math.BitDecrement(1.0)));

    [Fact]
    public void Products_are_rounded_twice_as_defined()
    {
        foreach (double real in Reals)
        {
            var factor = FixedPointMultiplier.Of(real);
            foreach (int value in Values.Where(value => Math.Abs(value * real) < 1 << 20))
            {
                BigInteger high = Floor((BigInteger)value * BigInteger.Pow(2, Math.Max(factor.Shift, 0)) * factor.Mantissa * 2 + (BigInteger.One << 31), 32);
                Assert.Equal(Away(high, Math.Max(-factor.Shift, 0)), factor.RoundTwice(value));
                Assert.Equal(Up(high, Math.Max(-factor.Shift, 0)), factor.RoundTwiceUp(value));
            }
        }
    }

    [Fact]
    public void Sums_of_64_bits_use_15_bits_of_mantissa()
    {
        var factor = FixedPointMultiplier.Of(0.0123);
        long mantissa = (factor.Mantissa + (1 << 15)) >> 16;
        foreach (long value in (long[])[0, 1, -1, 1L << 35, -(1L << 35), 123456789012, -98765432109])
            Assert.Equal(Up((BigInteger)value * mantissa, 15 - factor.Shift), factor.RoundLong(value));
    }

    [Fact]
    public void The_reciprocal_and_the_root_are_right_to_a_few_steps()
    {
        foreach (int x in (int[])[1, 2, 3, 5, 7, 100, 255, 1 << 20, int.MaxValue])
        {
            int reciprocal = FixedPointReciprocal.OfInteger(x, out int bits);
            Assert.Equal(1.0 / x, Math.ScaleB(reciprocal, -31 - bits), Math.ScaleB(1.0 / x, -24));
            FixedPointMultiplier root = FixedPointReciprocal.InverseRoot(x);
            Assert.Equal(1 / Math.Sqrt(x), root.Mantissa * Math.ScaleB(1, root.Shift - 31), 1e-5 / Math.Sqrt(x));
        }
    }

    private static BigInteger Floor(BigInteger value, int bits) => value >> bits;

    private static BigInteger Up(BigInteger value, int bits) => bits == 0 ? value : (value + (BigInteger.One << (bits - 1))) >> bits;

    private static BigInteger Away(BigInteger value, int bits) => value.Sign < 0 ? -Up(-value, bits) : Up(value, bits);
}
