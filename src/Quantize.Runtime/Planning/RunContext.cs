using System.Runtime.InteropServices;
using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>What a step sees of a session: the spans of its tensors.</summary>
internal readonly ref struct RunContext(TfLiteModel? model, Span<byte> arena)
{
    private readonly TfLiteModel? _model = model;
    private readonly Span<byte> _arena = arena;

    public ReadOnlySpan<T> Read<T>(TensorSlot slot)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = slot.Offset >= 0 ? _arena.Slice(slot.Offset, slot.ByteLength)
            : slot.Constant is { } tensor ? _model!.Data(tensor)[..slot.ByteLength]
            : slot.Known;
        return MemoryMarshal.Cast<byte, T>(bytes);
    }

    public Span<T> Write<T>(TensorSlot slot)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_arena.Slice(slot.Offset, slot.ByteLength));
}
