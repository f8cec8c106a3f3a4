namespace Quantize.Runtime.Kernels;

/// <summary>Which product of <see cref="FixedPointMultiplier"/> an operator uses.</summary>
internal enum FixedPointRounding
{
    Twice,
    TwiceUp,
}
