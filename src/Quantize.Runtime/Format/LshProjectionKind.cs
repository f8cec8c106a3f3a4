namespace Quantize.Runtime.Format;

/// <summary>Numbers of the schema's LSHProjectionType.</summary>
internal enum LshProjectionKind
{
    Unknown = 0,
    Sparse = 1,
    Dense = 2,
}
