namespace Quantize.Runtime.Format;

/// <summary>Numbers of the schema's CombinerType.</summary>
internal enum CombinerType
{
    Sum = 0,
    Mean = 1,
    Sqrtn = 2,
}
