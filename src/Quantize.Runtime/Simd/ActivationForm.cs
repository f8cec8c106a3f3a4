namespace Quantize.Runtime.Simd;

/// <summary>How a dot product wants the centered activation v = q - zeroPoint (q in [-128, 127], or [0, 127] in the Fast form) stored.</summary>
internal enum ActivationForm
{
    /// <summary>v as int16, two in a group: no correction.</summary>
    Centered16,

    /// <summary>q + 128 as a byte, four in a group: the dot product is too large by (zeroPoint + 128) times the sum of the weights.</summary>
    Unsigned8,

    /// <summary>q as a signed byte, four in a group: too large by zeroPoint times the sum of the weights.</summary>
    Signed8,

    /// <summary>q in [0, 127] with zero point 0 as a byte, four in a group: no correction, and pairs of products fit 16 bits.</summary>
    Unsigned7,
}

/// <summary>Facts about the forms.</summary>
internal static class ActivationForms
{
    /// <summary>Bytes of one stored activation.</summary>
    public static int Bytes(this ActivationForm form) => form == ActivationForm.Centered16 ? 2 : 1;

    /// <summary>Activations in one 32-bit group.</summary>
    public static int GroupSize(this ActivationForm form) => form == ActivationForm.Centered16 ? 2 : 4;

    /// <summary>stored value - q.</summary>
    public static int Shift(this ActivationForm form, int zeroPoint) => form switch
    {
        ActivationForm.Centered16 => -zeroPoint,
        ActivationForm.Unsigned8 => 128,
        _ => 0,
    };
}
