using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Tests.Threads;

/// <summary>Parts that note how often, and by whom, they were computed.</summary>
internal sealed class CountedParts(int parts, int members) : PartedWork
{
    private readonly int[] _counts = new int[parts];
    private readonly int[] _busy = new int[members];
    private int _clashes;

    /// <summary>A part that fails; -1 for none.</summary>
    public int Failing { get; init; } = -1;

    /// <summary>Times that a member began a part while it had another.</summary>
    public int Clashes => _clashes;

    public IReadOnlyList<int> Counts => _counts;

    public override void RunPart(int part, int member)
    {
        if (Interlocked.Increment(ref _busy[member]) != 1)
            Interlocked.Increment(ref _clashes);
        Interlocked.Increment(ref _counts[part]);
        Thread.SpinWait(part % 7 * 20);
        Interlocked.Decrement(ref _busy[member]);
        if (part == Failing)
            throw new InvalidOperationException($"part {part} fails");
    }
}
