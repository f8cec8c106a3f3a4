namespace Quantize.Runtime.Kernels;

/// <summary>How a product is cut into tiles, the same for floats and for integers.</summary>
internal static class Tiling
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>Rows of the lower tile, so that almost every number of rows is covered without a rest.</summary>
    public const int LowerRows = 5;

    /// <summary>How many tiles of six and of five rows make up <paramref name="count"/> rows, or nearly so.</summary>
    public static (int Sixes, int Fives) Split(int count)
    {
        int fives = (Rows - count % Rows) % Rows; // each takes one row less than a six
        return fives * LowerRows <= count ? ((count - fives * LowerRows) / Rows, fives) : (count / Rows, 0);
    }

    /// <summary>
    /// Of <paramref name="count"/> rows from <paramref name="first"/> on, the first so many whose tiles may store whole vectors into C. A vector of a ragged panel runs past its row into
    /// the next one's beginning, which other panels write later; where that belongs to somebody else (rows are not dense), or C ends, a tile goes through a buffer.
    /// </summary>
    public static int DirectRows(int first, int count, int column, int columns, int written, int outputs, int stride, long length)
    {
        if (written > columns && stride != outputs)
            return 0;
        long room = length - column - written - (long)first * stride;
        return room < 0 ? 0 : (int)Math.Min(count, stride == 0 ? count : room / stride + 1);
    }
}
