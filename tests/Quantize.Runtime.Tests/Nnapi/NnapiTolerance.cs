namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>How far a number may be from the expected one: those of Android's own test suite, by type.</summary>
internal readonly record struct NnapiTolerance(double Absolute, double Relative)
{
    private const double FloatStep = 1.0 / (1 << 23), HalfStep = 1.0 / (1 << 10);

    /// <summary>Codes: one step, where values are rounded.</summary>
    private static readonly NnapiTolerance s_code = new(1, 0);
    private static readonly NnapiTolerance s_float = new(1e-5, 5 * FloatStep);
    private static readonly NnapiTolerance s_half = new(5 * HalfStep, 5 * HalfStep);

    /// <summary>
    /// What may be computed in halves has their tolerance. Of floats only a whole network needs it, whose errors add up: single operators are held to that of floats.
    /// </summary>
    public static NnapiTolerance Of(NnapiCase test, NnapiOperand output) => output.TensorType switch
    {
        TensorType.Float32 => output.IsHalf || (test.IsRelaxed && test.Operations.Length > 1) ? s_half : s_float,
        TensorType.UInt8 or TensorType.Int8 or TensorType.Int16 => s_code,
        _ => default,
    };

    public bool Allows(double value, double expected) => value.Equals(expected) || Math.Abs(value - expected) <= Absolute + Relative * Math.Abs(expected);
}
