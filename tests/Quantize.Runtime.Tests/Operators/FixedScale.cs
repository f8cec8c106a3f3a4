namespace Quantize.Runtime.Tests.Operators;

/// <summary>
/// What an output's codes stand for where the format leaves no choice: a range of so many, for 8 bits from the lowest code or round the middle, for 16 bits always round the
/// middle.
/// </summary>
internal readonly record struct FixedScale(float Range, bool IsSigned, bool EndsAtZero = false)
{
    public float Of(TensorType type) => type == TensorType.Int16 ? 1f / 32768 : Range / 256;

    public int ZeroPoint(TensorType type)
    {
        int lowest = type switch
        {
            TensorType.Int8 => sbyte.MinValue,
            TensorType.Int16 => short.MinValue,
            _ => 0,
        };
        return type == TensorType.Int16 ? 0 : EndsAtZero ? lowest + 255 : IsSigned ? lowest + 128 : lowest;
    }
}
