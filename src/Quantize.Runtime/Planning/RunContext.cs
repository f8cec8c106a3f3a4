using System.Runtime.InteropServices;
using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>What a step sees of a session: the spans of its tensors.</summary>
internal readonly ref struct RunContext(TfLiteModel? model, Span<byte> arena, Frame? frame = null, RunBuffer? memory = null)
{
    private readonly TfLiteModel? _model = model;
    private readonly Span<byte> _arena = arena;
    private readonly Frame? _frame = frame;

    public Frame Frame => _frame!;

    /// <summary>The memory in which tensors have an offset.</summary>
    public Span<byte> Arena => _arena;

    /// <summary>What the arena lies in, for another thread to see it too.</summary>
    public RunBuffer? Memory { get; } = memory;

    public ReadOnlySpan<T> Read<T>(TensorSlot slot)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = slot.Offset >= 0 ? _arena.Slice(slot.Offset, slot.ByteLength)
            : slot.Constant is { } tensor ? _model!.Data(tensor)[..slot.ByteLength]
            : slot.Known ?? (ReadOnlySpan<byte>)_frame!.Bytes(slot);
        return MemoryMarshal.Cast<byte, T>(bytes);
    }

    public Span<T> Write<T>(TensorSlot slot)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(slot.Offset >= 0 ? _arena.Slice(slot.Offset, slot.ByteLength) : _frame!.Bytes(slot));

    /// <summary>Gives an output the dimensions that the run found, and the memory for them.</summary>
    public Span<T> Allocate<T>(TensorSlot slot, params scoped ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        long elements = 1;
        foreach (int dimension in shape)
            elements = checked(elements * dimension);
        return MemoryMarshal.Cast<byte, T>(_frame!.Buffer(slot.Buffer).Resize(checked((int)slot.Type.ByteCount(elements)), shape));
    }

    /// <summary>Memory for an output whose bytes do not follow from its dimensions: strings.</summary>
    public Span<byte> AllocateBytes(TensorSlot slot, int length, scoped ReadOnlySpan<int> shape) => _frame!.Buffer(slot.Buffer).Resize(length, shape);

    /// <summary>The strings of a tensor.</summary>
    public PackedStrings Strings(TensorSlot slot) => new(Read<byte>(slot));

    /// <summary>One string of a tensor.</summary>
    public ReadOnlySpan<byte> StringAt(TensorSlot slot, int index)
    {
        PackedStrings strings = Strings(slot);
        return (uint)index < (uint)strings.Count ? strings[index] : throw new InvalidOperationException($"'{slot.Name}' holds {strings.Count} strings, not {slot.ElementCount}");
    }

    /// <summary>The dimensions of a tensor in this run.</summary>
    public ReadOnlySpan<int> Shape(TensorSlot slot) => slot.IsRunSized ? _frame!.Buffer(slot.Buffer).Shape : slot.Shape;
}
