namespace Quantize.Runtime.Kernels;

/// <summary>How a product is cut into tiles, the same for floats and for integers.</summary>
internal static class Tiling
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>
    /// Of <paramref name="count"/> rows from <paramref name="first"/> on, those whose tiles may store whole vectors into C. A vector of a ragged panel runs past its row into
    /// the next one's beginning, which other panels write later; where that belongs to somebody else (rows are not dense), or C ends, a tile goes through a buffer.
    /// </summary>
    public static int DirectRows(int first, int count, int column, int columns, int written, int outputs, int stride, long length)
    {
        int direct = count / Rows * Rows;
        if (written > columns && stride != outputs)
            return 0;
        while (direct > 0 && (long)(first + direct - 1) * stride + column + written > length)
            direct -= Rows;
        return direct;
    }
}
