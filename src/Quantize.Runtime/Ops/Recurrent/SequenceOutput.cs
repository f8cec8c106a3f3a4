using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>Where a cell's outputs go: rows of a tensor, or a part of each row.</summary>
internal sealed class SequenceOutput(SequenceLayout layout, TensorSlot tensor, int first, int length)
{
    private readonly int _rowLength = tensor.Shape[^1];

    /// <summary>Takes a step's outputs [batch, length].</summary>
    public void Store<T>(in RunContext context, int step, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Span<T> rows = context.Write<T>(tensor);
        for (int item = 0; item < layout.Batch; item++)
            values.Slice(item * length, length).CopyTo(rows[(layout.Row(step, item) * _rowLength + first)..]);
    }
}
