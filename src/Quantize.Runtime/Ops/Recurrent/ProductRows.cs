using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The rows of one product where they lie as floats, and the same one behind the other, as hybrid products store them.</summary>
internal sealed record ProductRows(GemmGeometry Values, GemmGeometry Stored)
{
    /// <summary>Rows of one step after the other, all items of a step side by side.</summary>
    public static ProductRows OfSteps(SequenceLayout layout, int steps, int depth)
    {
        var offsets = new int[checked(steps * layout.Batch)];
        for (int row = 0; row < offsets.Length; row++)
            offsets[row] = checked(layout.Row(row / layout.Batch, row % layout.Batch) * depth);
        return new(new GemmGeometry(offsets, [0], depth), GemmGeometry.Dense(offsets.Length, depth, depth));
    }

    public static ProductRows Dense(int rows, int depth)
    {
        GemmGeometry dense = GemmGeometry.Dense(rows, depth, depth);
        return new(dense, dense);
    }
}
