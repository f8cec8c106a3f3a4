using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Planning;

/// <summary>Memory whose size a run decides, with the dimensions of what lies in it. It grows and never shrinks, so a repeated run allocates nothing.</summary>
internal sealed class RunBuffer
{
    private AlignedBuffer _memory = AlignedBuffer.Empty;
    private int _length;
    private int[] _shape = [];

    public Span<byte> Bytes => _memory.Span[.._length];

    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Makes room for that many bytes; what lay there is lost where there was less.</summary>
    public Span<byte> Resize(int length)
    {
        if (length > _memory.Span.Length)
            _memory = new AlignedBuffer(length);
        _length = length;
        return Bytes;
    }

    public Span<byte> Resize(int length, scoped ReadOnlySpan<int> shape)
    {
        if (shape.Length != _shape.Length)
            _shape = new int[shape.Length];
        shape.CopyTo(_shape);
        return Resize(length);
    }

    /// <summary>Takes a copy.</summary>
    public void Set(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> shape) => bytes.CopyTo(Resize(bytes.Length, shape));

    /// <summary>The same length as before, or that many bytes of <paramref name="initial"/>; whether it is the latter.</summary>
    public bool Require(int length, byte initial)
    {
        if (_length == length)
            return false;
        Resize(length).Fill(initial);
        return true;
    }
}
