namespace Quantize.Runtime.Kernels;

/// <summary>The rows and outputs of a product that one call computes; the first output begins a panel, and so does the one behind the last, unless it is the end.</summary>
internal readonly record struct GemmPart(int FirstRow, int Rows, int FirstOutput, int Outputs)
{
    /// <summary>All of a product.</summary>
    public GemmPart(int rows, int outputs)
        : this(0, rows, 0, outputs)
    {
    }

    public bool IsEmpty => Rows <= 0 || Outputs <= 0;

    /// <summary>Refuses what does not lie in a product of so many rows and outputs.</summary>
    public void Check(int rows, int outputs, int panelWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(FirstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(FirstOutput);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)FirstRow + Rows, rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)FirstOutput + Outputs, outputs);
        ArgumentOutOfRangeException.ThrowIfNotEqual(FirstOutput % panelWidth, 0);
    }
}
