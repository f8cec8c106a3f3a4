namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The numbers of an SVDF: <see cref="Filters"/> of <see cref="Depth"/> features each, <see cref="Rank"/> of them to a unit, and how many results of each are remembered.</summary>
internal sealed record SvdfShape(int Batch, int Depth, int Filters, int Rank, int Memory)
{
    public int Units => Filters / Rank;

    public int StateLength => checked(Batch * Filters * Memory);

    /// <summary>What a filter gave for an item, the oldest result first.</summary>
    public ReadOnlySpan<T> Memories<T>(ReadOnlySpan<T> state, int item, int filter) => state.Slice((item * Filters + filter) * Memory, Memory);

    /// <summary>Forgets the oldest result of each filter, and appends the newest.</summary>
    public void Remember<T>(ReadOnlySpan<T> results, Span<T> state)
    {
        for (int i = 0; i < results.Length; i++)
        {
            Span<T> memories = state.Slice(i * Memory, Memory);
            memories[1..].CopyTo(memories);
            memories[^1] = results[i];
        }
    }
}
