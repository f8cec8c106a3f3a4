namespace Quantize.Runtime.Kernels;

/// <summary>
/// The counter-based generator Philox 4x32 with ten rounds (Salmon et al. 2011), keyed as TensorFlow does: four numbers for each counter, so any part of the sequence
/// can be had without what comes before it.
/// </summary>
internal readonly struct Philox(long seed, long seed2)
{
    private const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57, WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Numbers for each counter.</summary>
    public const int BlockLength = 4;

    /// <summary>The four numbers of a counter.</summary>
    public void Block(long counter, Span<uint> numbers)
    {
        (uint a, uint b, uint c, uint d) = ((uint)counter, (uint)(counter >> 32), (uint)seed2, (uint)(seed2 >> 32));
        (uint keyA, uint keyB) = ((uint)seed, (uint)(seed >> 32));
        for (int round = 0; round < Rounds; round++)
        {
            ulong first = (ulong)MultiplierA * a, second = (ulong)MultiplierB * c;
            (a, b, c, d) = ((uint)(second >> 32) ^ b ^ keyA, (uint)second, (uint)(first >> 32) ^ d ^ keyB, (uint)first);
            (keyA, keyB) = (unchecked(keyA + WeylA), unchecked(keyB + WeylB));
        }

        (numbers[0], numbers[1], numbers[2], numbers[3]) = (a, b, c, d);
    }

    /// <summary>A number from 0 to 1, 1 excluded: 23 bits of it.</summary>
    public static float Unit(uint number) => BitConverter.UInt32BitsToSingle((127u << 23) | (number & 0x7FFFFF)) - 1;

    /// <summary>Two numbers from the standard normal distribution, by Box and Muller.</summary>
    public static (float First, float Second) Normal(uint a, uint b)
    {
        const float leastLogarithm = 1e-7f;
        float radius = MathF.Sqrt(-2 * MathF.Log(MathF.Max(Unit(a), leastLogarithm)));
        (float sine, float cosine) = MathF.SinCos(2 * MathF.PI * Unit(b));
        return (sine * radius, cosine * radius);
    }
}
