namespace Quantize.Runtime.Threads;

/// <summary>One part of a phase of a step.</summary>
/// <param name="Phase">A phase begins when the one before it is done.</param>
/// <param name="Index">0 up to <paramref name="Count"/>.</param>
/// <param name="Count">Parts of this phase.</param>
/// <param name="Member">Who computes it, and so which copy of scratch memory it may use.</param>
internal readonly record struct Part(int Phase, int Index, int Count, int Member)
{
    /// <summary>Its share of so many things, cut at multiples of <paramref name="unit"/>.</summary>
    public (int First, int Count) Share(int things, int unit = 1)
    {
        int units = (int)(((long)things + unit - 1) / unit);
        int first = Cut(units, Index) * unit, end = Math.Min(things, Cut(units, Index + 1) * unit);
        return (first, Math.Max(0, end - first));
    }

    private int Cut(int units, int index) => (int)((long)units * index / Count);
}
