namespace Quantize.Runtime.Kernels;

/// <summary>
/// ADD and SUB of 8-bit codes: each operand less its zero point, with 20 bits of headroom, goes to twice the coarser scale, and the sum to the output's.
/// </summary>
/// <remarks>The factors of the operands are at most a half; the sign is -1 where the second one is subtracted.</remarks>
internal sealed record CodeSum(FixedPointMultiplier A, FixedPointMultiplier B, FixedPointMultiplier Sum, int ZeroA, int ZeroB, int Sign, int Zero, int Minimum, int Maximum)
{
    public const int Headroom = 20;

    /// <summary>Whether no factor is 1 or more, so that vectors need not shift to the left.</summary>
    public bool IsBelowOne => A.Shift <= 0 && B.Shift <= 0 && Sum.Shift <= 0;

    /// <summary>The code of one sum.</summary>
    public int Of(int a, int b)
    {
        int x = A.RoundTwice((a - ZeroA) << Headroom), y = B.RoundTwice((b - ZeroB) << Headroom);
        return (int)Math.Clamp((long)Sum.RoundTwice(x + Sign * y) + Zero, Minimum, Maximum);
    }
}
