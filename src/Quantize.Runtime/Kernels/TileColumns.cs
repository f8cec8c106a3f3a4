namespace Quantize.Runtime.Kernels;

/// <summary>How many vectors of a panel a tile computes; the compiler drops the second where there is none.</summary>
internal interface ITileColumns
{
    static abstract bool HasSecond { get; }
}

internal readonly struct OneVector : ITileColumns
{
    public static bool HasSecond => false;
}

internal readonly struct TwoVectors : ITileColumns
{
    public static bool HasSecond => true;
}
