namespace Quantize.Converter.Ops;

/// <summary>
/// The diagonals <paramref name="Low"/> to <paramref name="High"/> of a matrix, and how TensorFlow stores them: rows [diagonal, position], the highest first, short ones
/// pushed left or right.
/// </summary>
internal sealed record MatrixBand(int Rows, int Columns, int Low, int High, bool IsLeftAbove, bool IsLeftBelow)
{
    public int Diagonals => High - Low + 1;

    /// <summary>Positions of the longest diagonal.</summary>
    public int Longest => Math.Max(0, Math.Min(Rows + Math.Min(High, 0), Columns - Math.Max(Low, 0)));

    /// <summary>How far superdiagonals and subdiagonals are pushed, from the attribute <c>align</c>.</summary>
    public static (bool IsLeftAbove, bool IsLeftBelow) Alignment(string align) => (align.StartsWith("LEFT", StringComparison.Ordinal), align.EndsWith("LEFT", StringComparison.Ordinal));

    public bool Contains(int row, int column) => column - row >= Low && column - row <= High;

    /// <summary>For each element of the matrix its place among the stored ones; <paramref name="absent"/> outside the band.</summary>
    public int[] StoredPlaces(int absent)
    {
        var places = new int[checked(Rows * Columns)];
        for (int row = 0, at = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++, at++)
                places[at] = Contains(row, column) ? (High - (column - row)) * Longest + Offset(column - row) + Math.Min(row, column) : absent;
        }

        return places;
    }

    /// <summary>For each stored element its place in the matrix; <paramref name="absent"/> where a diagonal is shorter.</summary>
    public int[] MatrixPlaces(int absent)
    {
        var places = new int[checked(Diagonals * Longest)];
        for (int diagonal = High, at = 0; diagonal >= Low; diagonal--)
        {
            for (int position = 0; position < Longest; position++, at++)
            {
                int element = position - Offset(diagonal);
                places[at] = element >= 0 && element < Length(diagonal) ? (element + Math.Max(0, -diagonal)) * Columns + element + Math.Max(0, diagonal) : absent;
            }
        }

        return places;
    }

    private int Length(int diagonal) => Math.Max(0, Math.Min(Rows + Math.Min(diagonal, 0), Columns - Math.Max(diagonal, 0)));

    private int Offset(int diagonal)
    {
        bool isLeft = (diagonal >= 0 && IsLeftAbove) || (diagonal <= 0 && IsLeftBelow);
        return isLeft ? 0 : Longest - Length(diagonal);
    }
}
