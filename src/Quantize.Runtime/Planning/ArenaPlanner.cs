using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Planning;

/// <summary>
/// Places tensors in one block so that those alive at the same step do not overlap: the largest first, each at the lowest place that is free for its whole life.
/// </summary>
internal sealed class ArenaPlanner
{
    private readonly List<Life> _lives = [];

    /// <summary>Asks for memory from step <paramref name="first"/> to step <paramref name="last"/>, both included.</summary>
    public void Add(TensorSlot slot, int first, int last) => _lives.Add(new Life(slot, first, last));

    /// <summary>Fixes every offset and returns the size of the block.</summary>
    public int Place()
    {
        List<Life> placed = [];
        int end = 0;
        foreach (Life life in _lives.OrderByDescending(life => life.Slot.ByteLength).ThenBy(life => life.First))
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
