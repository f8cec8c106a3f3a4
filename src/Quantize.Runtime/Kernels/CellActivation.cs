namespace Quantize.Runtime.Kernels;

/// <summary>The function of a recurrent cell's state: tanh, or an interval to clamp to.</summary>
internal readonly record struct CellActivation(bool IsTanh, float Minimum, float Maximum)
{
    public static CellActivation Tanh => new(true, float.NegativeInfinity, float.PositiveInfinity);
}
