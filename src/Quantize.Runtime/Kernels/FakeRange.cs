namespace Quantize.Runtime.Kernels;

/// <summary>
/// The codes of a range as quantization-aware training sees them: from <paramref name="First"/> to <paramref name="Last"/>, <paramref name="Scale"/> apart, and moved so
/// that <paramref name="Zero"/> is exactly 0.
/// </summary>
internal readonly record struct FakeRange(float First, float Last, float Scale, float Zero)
{
    /// <summary>The step of a range that training has not touched, [0, 0]: nothing but 0 fits into it.</summary>
    public const float Untouched = 1.17549435e-38f;

    public float Low => (First - Zero) * Scale;

    public float High => (Last - Zero) * Scale;

    /// <summary>A narrow range gives its lowest code away, so that there are as many codes above 0 as below it.</summary>
    public static FakeRange Of(float minimum, float maximum, int bits, bool isNarrow)
    {
        float first = isNarrow ? 1 : 0, last = (1 << bits) - 1;
        if (minimum == 0 && maximum == 0)
            return new FakeRange(first, last, Untouched, first);
        float scale = (maximum - minimum) / (last - first);
        float zero = first - minimum / scale;
        return new FakeRange(first, last, scale, zero < first ? first : zero > last ? last : MathF.Round(zero, MidpointRounding.AwayFromZero));
    }
}
