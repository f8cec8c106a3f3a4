using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Planning;

/// <summary>A piece of the arena for one tensor, or for several that follow each other in the same bytes; alive from step <see cref="First"/> to step <see cref="Last"/>, both included.</summary>
internal sealed class ArenaArea(TensorSlot slot, int first, int last, bool isWrittenOnce = false)
{
    private readonly List<TensorSlot> _slots = [slot];

    public int First { get; } = first;

    public int Last { get; private set; } = last;

    /// <summary>Whole cache lines.</summary>
    public long ByteLength { get; } = (slot.ByteLength + AlignedBuffer.Alignment - 1L) & -AlignedBuffer.Alignment;

    /// <summary>No step may write over it.</summary>
    public bool IsWrittenOnce { get; } = isWrittenOnce;

    public bool IsAlive(int step) => First <= step && step <= Last;

    public bool MeetsWith(ArenaArea other) => First <= other.Last && other.First <= Last;

    /// <summary>Gives the same bytes to a tensor that is read up to that step.</summary>
    public void Share(TensorSlot slot, int last)
    {
        _slots.Add(slot);
        Last = Math.Max(Last, last);
    }

    public void PlaceAt(int offset)
    {
        foreach (TensorSlot slot in _slots)
            slot.Offset = offset;
    }
}
