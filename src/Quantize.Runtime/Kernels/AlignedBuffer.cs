using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quantize.Runtime.Kernels;

/// <summary>Memory that starts on a cache line and never moves: tensors and packed weights. A managed array underneath, so a span outlives no owner.</summary>
internal sealed unsafe class AlignedBuffer
{
    public const int Alignment = 64;

    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _length;

    public AlignedBuffer(int length)
    {
        _length = length;
        _bytes = GC.AllocateArray<byte>(checked(length + Alignment), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref _bytes[0]); // pinned: the address stays
        _start = (int)(-address & (Alignment - 1));
    }

    public static AlignedBuffer Empty { get; } = new(0);

    public Span<byte> Span => _bytes.AsSpan(_start, _length);

    public static AlignedBuffer Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var buffer = new AlignedBuffer(checked(values.Length * sizeof(T)));
        values.CopyTo(buffer.As<T>());
        return buffer;
    }

    public Span<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Span);
}
