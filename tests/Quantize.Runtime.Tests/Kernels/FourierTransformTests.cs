using System.Numerics;
using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class FourierTransformTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(512)]
    public void It_is_the_sum_over_the_roots_of_unity(int length)
    {
        var random = new Random(length);
        Complex[] values = [.. Enumerable.Range(0, length).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
        Complex[] transformed = [.. values];
        new FourierTransform(length).Run(transformed);
        for (int k = 0; k < length; k++)
        {
            Complex expected = Complex.Zero;
            for (int n = 0; n < length; n++)
                expected += values[n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)k * n % length) / length);
            Assert.InRange(Complex.Abs(transformed[k] - expected), 0, Tolerance * length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(-8)]
    public void Only_powers_of_two_have_halves_of_halves(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new FourierTransform(length));
}
