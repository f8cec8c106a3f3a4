using System.Numerics;

namespace Quantize.Runtime.Kernels;

/// <summary>
/// The discrete Fourier transform of a power of two of numbers, in place and in double precision: halves of halves, from the smallest up. The roots of unity come from square
/// roots and products alone, so that they are the same on every machine.
/// </summary>
internal sealed class FourierTransform
{
    private readonly Complex[] _roots;
    private readonly int[] _places;

    /// <exception cref="ArgumentOutOfRangeException">The length is no power of two.</exception>
    public FourierTransform(int length)
    {
        if (!BitOperations.IsPow2(length))
            throw new ArgumentOutOfRangeException(nameof(length), length, "is no power of two");
        Length = length;
        _roots = Roots(length);
        _places = new int[length];
        for (int i = 1; i < length; i++)
            _places[i] = _places[i / 2] / 2 + (i % 2) * (length / 2);
    }

    public int Length { get; }

    /// <summary>values[k] becomes the sum of values[n] * exp(-2 pi i k n / length).</summary>
    public void Run(Span<Complex> values)
    {
        for (int i = 0; i < Length; i++)
        {
            if (_places[i] > i)
                (values[i], values[_places[i]]) = (values[_places[i]], values[i]);
        }

        for (int half = 1; half < Length; half *= 2)
        {
            int stride = Length / (2 * half);
            for (int first = 0; first < Length; first += 2 * half)
                Join(values.Slice(first, half), values.Slice(first + half, half), stride);
        }
    }

    private void Join(Span<Complex> even, Span<Complex> odd, int stride)
    {
        for (int k = 0; k < even.Length; k++)
        {
            Complex a = even[k], b = odd[k] * _roots[k * stride];
            even[k] = a + b;
            odd[k] = a - b;
        }
    }

    /// <summary>exp(-2 pi i k / length) for the first half of the circle: each a product of those whose angles are a power of two of the smallest.</summary>
    private static Complex[] Roots(int length)
    {
        var roots = new Complex[Math.Max(1, length / 2)];
        roots[0] = Complex.One;
        double cosine = 0, sine = -1; // a quarter of the circle
        for (int step = length / 4; step >= 1; step /= 2)
        {
            for (int k = step; k < roots.Length; k += 2 * step)
                roots[k] = k == step ? new Complex(cosine, sine) : roots[k - step] * new Complex(cosine, sine);
            double half = Math.Sqrt((1 + cosine) / 2);
            (cosine, sine) = (half, sine / (2 * half));
        }

        return roots;
    }
}
