namespace Quantize.Runtime.Kernels;

/// <summary>How many vectors of a panel a tile computes; the compiler drops the second where there is none.</summary>
internal interface ITileColumns
{
    static abstract bool HasSecond { get; }
}

/// <summary>Whether a tile has a sixth row; the compiler drops it where there is none.</summary>
internal interface ITileRows
{
    static abstract bool HasSixth { get; }
}

internal readonly struct SixRows : ITileRows
{
    public static bool HasSixth => true;
}

internal readonly struct FiveRows : ITileRows
{
    public static bool HasSixth => false;
}

internal readonly struct OneVector : ITileColumns
{
    public static bool HasSecond => false;
}

internal readonly struct TwoVectors : ITileColumns
{
    public static bool HasSecond => true;
}
