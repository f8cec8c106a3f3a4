using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>How integers become the 8-bit codes of a tensor.</summary>
internal readonly record struct CodeTarget(FixedPointMultiplier Factor, int ZeroPoint, int Minimum, int Maximum)
{
    /// <summary>From integers of that scale; a clip of 0 is none. Like Google's kernels it bounds the codes, not what they stand for.</summary>
    public static CodeTarget Of(double scale, TensorScale target, float clip)
    {
        int limit = clip > 0 ? (int)Math.Clamp(clip / target.Scale, 1, sbyte.MaxValue) : -sbyte.MinValue;
        return new(FixedPointMultiplier.Of(scale / target.Scale), target.ZeroPoint, Math.Max(-limit, sbyte.MinValue), Math.Min(limit, sbyte.MaxValue));
    }

    public void Run(ReadOnlySpan<int> values, Span<sbyte> codes)
    {
        for (int i = 0; i < codes.Length; i++)
            codes[i] = (sbyte)Math.Clamp(Factor.RoundTwice(values[i]) + ZeroPoint, Minimum, Maximum);
    }
}
