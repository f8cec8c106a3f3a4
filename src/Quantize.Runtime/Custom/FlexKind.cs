namespace Quantize.Runtime;

/// <summary>What a <see cref="FlexValue"/> is.</summary>
public enum FlexKind
{
    /// <summary>No value.</summary>
    Null,
    /// <summary>A signed or unsigned integer.</summary>
    Integer,
    /// <summary>A floating-point number.</summary>
    Number,
    /// <summary>True or false.</summary>
    Boolean,
    /// <summary>A text.</summary>
    Text,
    /// <summary>Bytes.</summary>
    Blob,
    /// <summary>Values by position.</summary>
    Vector,
    /// <summary>Values by key.</summary>
    Map,
}
