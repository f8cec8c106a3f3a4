namespace Quantize.Runtime.Kernels;

/// <summary>
/// Where the left operand of a matrix product lies: row m is the concatenation of segments, each <see cref="SegmentLength"/> elements from
/// rowOffset[m] + segmentOffset[s]. A dense matrix has one segment a row; a convolution has one a kernel row, so it needs no im2col.
/// </summary>
internal sealed class GemmGeometry
{
    public GemmGeometry(int[] rowOffsets, int[] segmentOffsets, int segmentLength)
    {
        RowOffsets = rowOffsets;
        SegmentOffsets = segmentOffsets;
        SegmentLength = segmentLength;
        Extent = rowOffsets.Length == 0 ? 0 : checked(rowOffsets.Max() + segmentOffsets.Max() + segmentLength);
        if (rowOffsets.Any(offset => offset < 0) || segmentOffsets.Any(offset => offset < 0))
            throw new ArgumentException("offsets are positions from the start of the operand");
    }

    public int[] RowOffsets { get; }

    public int[] SegmentOffsets { get; }

    public int SegmentLength { get; }

    public int Rows => RowOffsets.Length;

    /// <summary>Elements of one row.</summary>
    public int Depth => SegmentOffsets.Length * SegmentLength;

    /// <summary>Elements that the operand must have: every read lies below this.</summary>
    public int Extent { get; }

    /// <summary>Rows of <paramref name="depth"/> elements, <paramref name="stride"/> apart.</summary>
    public static GemmGeometry Dense(int rows, int depth, int stride)
    {
        var offsets = new int[rows];
        for (int m = 0; m < rows; m++)
            offsets[m] = checked(m * stride);
        return new GemmGeometry(offsets, [0], depth);
    }

    /// <summary>
    /// Of so many rows of such a depth, those to take through all panels before the next ones: few where all weights stay in the first-level cache, so that the results of a block stay there too;
    /// else as many as keep the block's operand in the second-level cache, so that each panel is fetched seldom.
    /// </summary>
    public static int BlockRows(int rows, int depth, long weightBytes, int elementBytes)
    {
        const int FirstLevel = 24 << 10, SecondLevel = 128 << 10;
        int wanted = weightBytes <= FirstLevel ? 4 * Tiling.Rows : Math.Max(8 * Tiling.Rows, SecondLevel / Math.Max(1, depth * elementBytes));
        int blocks = Math.Max(1, (rows + wanted / 2) / wanted); // a small rest would fetch all weights once more
        return (rows + blocks - 1) / blocks;
    }
}
