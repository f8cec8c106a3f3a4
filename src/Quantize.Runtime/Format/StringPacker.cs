using System.Buffers.Binary;

namespace Quantize.Runtime.Format;

/// <summary>Writes <see cref="PackedStrings"/> one after the other.</summary>
internal ref struct StringPacker
{
    private readonly Span<byte> _memory;
    private int _index;
    private int _end;

    /// <param name="memory">As many bytes as <see cref="Length"/> tells.</param>
    /// <param name="count">How many strings will be added.</param>
    public StringPacker(Span<byte> memory, int count)
    {
        _memory = memory;
        _end = (int)PackedStrings.HeaderLength(count);
        BinaryPrimitives.WriteInt32LittleEndian(memory, count);
        BinaryPrimitives.WriteInt32LittleEndian(memory[sizeof(int)..], _end);
    }

    /// <summary>Bytes that so many strings with so many bytes of characters take.</summary>
    public static int Length(int count, long characterBytes) => checked((int)(PackedStrings.HeaderLength(count) + characterBytes));

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_memory[_end..]);
        _end += text.Length;
        BinaryPrimitives.WriteInt32LittleEndian(_memory[((++_index + 1) * sizeof(int))..], _end);
    }
}
