using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>
/// Where a row of an operand lies: <paramref name="First"/> elements behind the beginning of a tensor of the arena, the next row <paramref name="Stride"/> elements further; or among the program's
/// constants, which are the same for all rows.
/// </summary>
internal readonly record struct PointwisePlace(TensorSlot? Slot, int First, int Stride)
{
    /// <summary>In bytes, in the arena; the complement of a position among the constants.</summary>
    public int Offset => Slot is null ? ~First : Slot.Offset + First * sizeof(float);
}
