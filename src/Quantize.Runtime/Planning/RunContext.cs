using System.Runtime.InteropServices;
using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>What a step sees of a session: the spans of its tensors.</summary>
internal readonly ref struct RunContext(TfLiteModel model, Span<byte> arena)
{
    private readonly TfLiteModel _model = model;
    private readonly Span<byte> _arena = arena;

    public ReadOnlySpan<T> Read<T>(TensorSlot slot)
        where T : unmanaged
    {
        if (slot.Offset >= 0)
            return MemoryMarshal.Cast<byte, T>(_arena.Slice(slot.Offset, slot.ByteLength));
        return MemoryMarshal.Cast<byte, T>(slot.Constant is { } tensor ? _model.Data(tensor) : slot.Known);
    }

    public Span<T> Write<T>(TensorSlot slot)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_arena.Slice(slot.Offset, slot.ByteLength));
}
