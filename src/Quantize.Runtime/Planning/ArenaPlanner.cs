using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Planning;

/// <summary>
/// Places tensors in one block so that those alive at the same step do not overlap: one after the other, each at the lowest place that is free for its whole life.
/// No order is best for every graph; the one that gives the smallest block is taken.
/// </summary>
internal sealed class ArenaPlanner
{
    private static readonly Func<Life, long>[] Orders = [Size, SizeTimesDuration, Duration];

    private readonly List<Life> _lives = [];

    /// <summary>Asks for memory from step <paramref name="first"/> to step <paramref name="last"/>, both included.</summary>
    public void Add(TensorSlot slot, int first, int last) => _lives.Add(new Life(slot, first, last));

    /// <summary>Fixes every offset and returns the size of the block.</summary>
    public int Place() => PlaceGreatestFirst(Orders.MinBy(PlaceGreatestFirst)!);

    private static long Size(Life life) => life.Slot.ByteLength;

    private static long Duration(Life life) => life.Last - life.First + 1;

    private static long SizeTimesDuration(Life life) => Size(life) * Duration(life);

    private int PlaceGreatestFirst(Func<Life, long> order)
    {
        List<Life> placed = [];
        int end = 0;
        foreach (Life life in _lives.OrderByDescending(order).ThenByDescending(Size).ThenBy(life => life.First))
        {
            life.Slot.Offset = LowestGap(placed, life);
            end = Math.Max(end, checked(life.Slot.Offset + Aligned(life.Slot.ByteLength)));
            placed.Insert(InsertionIndex(placed, life.Slot.Offset), life);
        }

        return end;
    }

    private static int LowestGap(List<Life> placed, Life life)
    {
        int offset = 0;
        foreach (Life other in placed)
        {
            bool together = other.First <= life.Last && life.First <= other.Last;
            if (!together)
                continue;
            if (offset + (long)life.Slot.ByteLength <= other.Slot.Offset)
                break;
            offset = Math.Max(offset, checked(other.Slot.Offset + Aligned(other.Slot.ByteLength)));
        }

        return offset;
    }

    private static int InsertionIndex(List<Life> placed, int offset)
    {
        int index = placed.FindIndex(life => life.Slot.Offset > offset);
        return index < 0 ? placed.Count : index;
    }

    /// <summary>Whole cache lines.</summary>
    private static int Aligned(int bytes) => checked((bytes + AlignedBuffer.Alignment - 1) & -AlignedBuffer.Alignment);

    private sealed record Life(TensorSlot Slot, int First, int Last);
}
