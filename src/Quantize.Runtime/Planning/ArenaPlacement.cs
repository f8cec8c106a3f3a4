namespace Quantize.Runtime.Planning;

/// <summary>Areas placed one after the other, each in a gap that is free for its whole life: the lowest one, or the tightest.</summary>
internal sealed class ArenaPlacement
{
    private readonly long[] _offsets;

    private ArenaPlacement(ArenaArea[] order)
    {
        Order = order;
        _offsets = new long[order.Length];
    }

    public ArenaArea[] Order { get; }

    /// <summary>Size of the block.</summary>
    public long End { get; private set; }

    public static ArenaPlacement Of(ArenaArea[] order, bool bestFit)
    {
        var placement = new ArenaPlacement(order);
        var byOffset = new List<int>(order.Length);
        for (int i = 0; i < order.Length; i++)
            placement.Place(i, byOffset, bestFit);
        return placement;
    }

    /// <summary>Position in the order of an area that ends where the block does.</summary>
    public int Highest()
    {
        int highest = 0;
        for (int i = 1; i < Order.Length; i++)
        {
            if (_offsets[i] + Order[i].ByteLength > _offsets[highest] + Order[highest].ByteLength)
                highest = i;
        }

        return highest;
    }

    /// <summary>Tells the tensors where they are.</summary>
    public void Fix()
    {
        for (int i = 0; i < Order.Length; i++)
            Order[i].PlaceAt(checked((int)_offsets[i]));
    }

    private void Place(int index, List<int> byOffset, bool bestFit)
    {
        ArenaArea area = Order[index];
        long offset = 0, found = -1, tightest = long.MaxValue;
        foreach (int other in byOffset)
        {
            if (!area.MeetsWith(Order[other]))
                continue;
            long gap = _offsets[other] - offset;
            if (gap >= area.ByteLength && gap < tightest)
            {
                (found, tightest) = (offset, gap);
                if (!bestFit)
                    break;
            }

            offset = Math.Max(offset, _offsets[other] + Order[other].ByteLength);
        }

        _offsets[index] = found >= 0 ? found : offset;
        End = Math.Max(End, _offsets[index] + area.ByteLength);
        int position = byOffset.FindIndex(other => _offsets[other] > _offsets[index]);
        byOffset.Insert(position < 0 ? byOffset.Count : position, index);
    }
}
