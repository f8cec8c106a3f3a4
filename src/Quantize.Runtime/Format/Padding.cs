namespace Quantize.Runtime.Format;

/// <summary>Window padding of convolutions and pools.</summary>
internal enum Padding
{
    Same = 0,
    Valid = 1,
}
