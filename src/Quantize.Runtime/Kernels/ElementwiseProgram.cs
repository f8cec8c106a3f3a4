namespace Quantize.Runtime.Kernels;

/// <summary>
/// Elementwise operations that follow each other on the rows of some places: byte positions in a memory, each with the bytes to its next row, or complements of positions among constants. Everything that
/// a run relies on is checked here, so that it only has to see that the memory is long enough.
/// </summary>
internal sealed class ElementwiseProgram
{
    public const int MostPlaces = 64;

    private readonly AlignedBuffer _constants;

    public ElementwiseProgram(ElementwiseOperation[] operations, int[] offsets, int[] strides, AlignedBuffer constants, int rows)
    {
        (Operations, Offsets, Strides, _constants, Rows) = (operations, offsets, strides, constants, rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsets.Length, MostPlaces);
        foreach (ElementwiseOperation operation in operations)
        {
            foreach (int place in (ReadOnlySpan<int>)[operation.First, operation.Second, operation.Result])
                Require(place, operation.Length);
            ArgumentOutOfRangeException.ThrowIfNegative(offsets[operation.Result]);
        }
    }

    public ElementwiseOperation[] Operations { get; }

    public int[] Offsets { get; }

    /// <summary>In bytes; 0 for constants.</summary>
    public int[] Strides { get; }

    public int Rows { get; }

    public ReadOnlySpan<float> Constants => _constants.As<float>();

    /// <summary>Bytes that the memory must have.</summary>
    public int MemoryLength { get; private set; }

    private void Require(int place, int length)
    {
        int offset = Offsets[place], stride = Strides[place];
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        if (offset >= 0)
            MemoryLength = Math.Max(MemoryLength, checked(offset + (Rows - 1) * stride + length * sizeof(float)));
        else
            ArgumentOutOfRangeException.ThrowIfGreaterThan(stride > 0 ? long.MaxValue : ~offset + (long)length, Constants.Length);
    }
}
