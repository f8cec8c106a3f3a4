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
        int first = Cut(things, unit, Index), end = Cut(things, unit, Index + 1);
        return (first, end - first);
    }

    private int Cut(int things, int unit, int index)
    {
        long units = ((long)things + unit - 1) / unit;
        return (int)Math.Min(things, units * index / Count * unit);
    }
}
