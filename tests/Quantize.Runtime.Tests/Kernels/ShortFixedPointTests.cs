using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class ShortFixedPointTests
{
    private const double Steps = 32768;

    [Fact]
    public void Logistic_of_every_number_is_within_a_few_steps_of_the_function()
    {
        for (int x = short.MinValue; x <= short.MaxValue; x++)
            Assert.Equal(1 / (1 + Math.Exp(-x / 4096.0)), ShortFixedPoint.Logistic(x, 3) / Steps, 7 / Steps);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Tanh_of_every_number_is_within_a_few_steps_of_the_function(int integralBits)
    {
        for (int x = short.MinValue; x <= short.MaxValue; x++)
            Assert.Equal(Math.Tanh(Math.ScaleB(x, integralBits - 15)), ShortFixedPoint.Tanh(x, integralBits) / Steps, 20 / Steps);
    }

    [Fact]
    public void A_product_rounds_halves_upwards_and_saturates()
    {
        Assert.Equal(1, ShortFixedPoint.Multiply(1 << 14, 1));
        Assert.Equal(0, ShortFixedPoint.Multiply(-(1 << 14), 1));
        Assert.Equal(-1, ShortFixedPoint.Multiply(-(1 << 14) - 1, 1));
        Assert.Equal(0, ShortFixedPoint.Multiply((1 << 14) - 1, 1));
        Assert.Equal(short.MaxValue, ShortFixedPoint.Multiply(short.MinValue, short.MinValue));
    }
}
