namespace Quantize.Runtime.Kernels;

/// <summary>
/// Two operands stretched over one output: the innermost dimensions on which both run along (or stand still) are one row, the others are counted through.
/// </summary>
internal sealed class BroadcastGeometry
{
    private readonly int[] _dimensions;
    private readonly int[] _stridesA;
    private readonly int[] _stridesB;

    public BroadcastGeometry(int[] a, int[] b, int[] output)
    {
        int[] stridesA = Strides(a, output), stridesB = Strides(b, output);
        int outer = output.Length;
        RowLength = 1;
        bool runsA = false, runsB = false;
        while (outer > 0)
        {
            int d = outer - 1;
            bool nextA = stridesA[d] != 0, nextB = stridesB[d] != 0;
            if (output[d] != 1)
            {
                if (RowLength > 1 && (nextA != runsA || nextB != runsB))
                    break;
                (runsA, runsB) = (nextA, nextB);
            }

            RowLength *= output[d];
            outer--;
        }

        LengthA = runsA ? RowLength : 1;
        LengthB = runsB ? RowLength : 1;
        _dimensions = output[..outer];
        _stridesA = stridesA;
        _stridesB = stridesB;
        Rows = 1;
        foreach (int dimension in _dimensions)
            Rows *= dimension;
    }

    /// <summary>Elements of one row of the output.</summary>
    public int RowLength { get; }

    /// <summary>Elements that a row of the first operand has: the row's, or one.</summary>
    public int LengthA { get; }

    public int LengthB { get; }

    public int Rows { get; }

    /// <summary>Where the operands of a row begin.</summary>
    public (int A, int B) Offsets(int row)
    {
        int a = 0, b = 0;
        for (int d = _dimensions.Length - 1; d >= 0; d--)
        {
            int index = row % _dimensions[d];
            row /= _dimensions[d];
            a += index * _stridesA[d];
            b += index * _stridesB[d];
        }

        return (a, b);
    }

    /// <summary>Of an operand that has so many elements in a row, those of a part of the row.</summary>
    public static ReadOnlySpan<T> Run<T>(ReadOnlySpan<T> operand, int row, int length, int column, int count) => length == 1 ? operand.Slice(row, 1) : operand.Slice(row + column, count);

    private static int[] Strides(int[] shape, int[] output)
    {
        var strides = new int[output.Length];
        for (int d = shape.Length - 1, stride = 1; d >= 0; d--)
        {
            strides[d + output.Length - shape.Length] = shape[d] == 1 ? 0 : stride;
            stride *= shape[d];
        }

        return strides;
    }
}
