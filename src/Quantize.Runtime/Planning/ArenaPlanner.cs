using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Planning;

/// <summary>
/// Places areas in one block so that those alive at the same step do not overlap. Finding the smallest block is hard, so several orders are tried, in which the areas are placed
/// one after the other; then what reaches highest is placed earlier, as long as tries are left. Ends at once where the block is as small as the fullest step allows.
/// </summary>
internal sealed class ArenaPlanner
{
    private const int MostTries = 200;
    private const long MostComparisons = 4_000_000;

    private readonly List<ArenaArea> _areas = [];

    /// <summary>Bytes that are alive at the fullest step: no block can be smaller.</summary>
    public long LowerBound { get; private set; }

    public void Add(ArenaArea area) => _areas.Add(area);

    /// <summary>Fixes every offset and returns the size of the block.</summary>
    /// <exception cref="OverflowException">It would take more than 2 GB.</exception>
    public int Place()
    {
        int fullest = FullestStep();
        Func<ArenaArea, long>[] orders = [Size, SizeTimesDuration, Duration, area => area.IsAlive(fullest) ? long.MaxValue : Size(area)];
        ArenaPlacement best = orders
            .SelectMany(order => new[] { ArenaPlacement.Of(Sorted(order), bestFit: false), ArenaPlacement.Of(Sorted(order), bestFit: true) })
            .MinBy(placement => placement.End)!;
        best = Improve(best);
        best.Fix();
        return checked((int)best.End);
    }

    private static long Size(ArenaArea area) => area.ByteLength;

    private static long Duration(ArenaArea area) => area.Last - area.First + 1;

    private static long SizeTimesDuration(ArenaArea area) => Size(area) * Duration(area);

    private ArenaArea[] Sorted(Func<ArenaArea, long> order) => [.. _areas.OrderByDescending(order).ThenByDescending(Size).ThenBy(area => area.First)];

    /// <summary>What ends highest is placed before all others, or before those it was placed behind; the change stays where the block does not grow by it.</summary>
    private ArenaPlacement Improve(ArenaPlacement best)
    {
        ArenaPlacement current = best;
        long tries = Math.Min(MostTries, MostComparisons / Math.Max(1, (long)_areas.Count * _areas.Count));
        for (int i = 0; i < tries && best.End > LowerBound; i++)
        {
            int highest = current.Highest();
            ArenaPlacement next = ArenaPlacement.Of(Earlier(current.Order, highest, i % 2 == 0 ? 0 : highest / 2), bestFit: i % 4 < 2);
            if (next.End <= current.End || i % 8 == 7)
                current = next;
            if (next.End < best.End)
                best = next;
        }

        return best;
    }

    private static ArenaArea[] Earlier(ArenaArea[] order, int from, int to) => [.. order[..to], order[from], .. order[to..from], .. order[(from + 1)..]];

    private int FullestStep()
    {
        var changes = new SortedDictionary<int, long>();
        foreach (ArenaArea area in _areas)
        {
            changes[area.First] = changes.GetValueOrDefault(area.First) + area.ByteLength;
            changes[area.Last + 1] = changes.GetValueOrDefault(area.Last + 1) - area.ByteLength;
        }

        int fullest = 0;
        long alive = 0;
        foreach ((int step, long change) in changes)
        {
            alive += change;
            if (alive > LowerBound)
                (LowerBound, fullest) = (alive, step);
        }

        return fullest;
    }
}
