namespace Quantize.Runtime.Kernels;

/// <summary>
/// Floats as integers and as bfloat16. What an integer cannot hold, NaN among it, becomes the lowest number: so x64 converts, and TensorFlow with it; narrower integers
/// are the low bits of wider ones.
/// </summary>
internal static class FloatConversion
{
    private const double TwoTo31 = 2147483648.0;
    private const double TwoTo63 = 9223372036854775808.0;

    public static int ToInt32(double value) => value is > -TwoTo31 - 1 and < TwoTo31 ? (int)value : int.MinValue;

    public static long ToInt64(double value) => value is >= -TwoTo63 and < TwoTo63 ? (long)value : long.MinValue;

    public static ulong ToUInt64(double value) =>
        value >= TwoTo63 ? unchecked((ulong)ToInt64(value - TwoTo63) + (1UL << 63)) : unchecked((ulong)ToInt64(value));

    /// <summary>A bfloat16 is the upper half of a float.</summary>
    public static float FromBrain(ushort bits) => BitConverter.Int32BitsToSingle(bits << 16);

    /// <summary>Halves are rounded to the even one.</summary>
    public static ushort ToBrain(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
