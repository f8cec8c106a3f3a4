namespace Quantize.Runtime.Format;

/// <summary>Memory order of FULLY_CONNECTED weights.</summary>
internal enum WeightsFormat
{
    Default = 0,
    SHUFFLED4x16INT8 = 1,
}
