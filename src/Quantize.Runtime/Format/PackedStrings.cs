using System.Buffers.Binary;

namespace Quantize.Runtime.Format;

/// <summary>
/// A string tensor as TFLite packs it: the number of strings (int32), the byte position of each and of the end (int32, from the first byte on), then the characters.
/// </summary>
internal readonly ref struct PackedStrings
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <exception cref="ModelFormatException">The bytes are not packed strings.</exception>
    public PackedStrings(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        Count = bytes.Length < sizeof(int) ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (Count < 0 || HeaderLength(Count) > Math.Max(bytes.Length, HeaderLength(0)))
            throw new ModelFormatException($"a string tensor of {bytes.Length} bytes cannot hold {Count} strings");
    }

    public int Count { get; }

    /// <exception cref="ModelFormatException">The string does not lie inside.</exception>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = Start(index), end = Start(index + 1);
            return 0 <= start && start <= end && end <= _bytes.Length
                ? _bytes[start..end]
                : throw new ModelFormatException($"string {index} of a string tensor lies from byte {start} to {end} of {_bytes.Length}");
        }
    }

    /// <summary>Bytes before the first character.</summary>
    public static long HeaderLength(int count) => (count + 2L) * sizeof(int);

    private int Start(int index) => BinaryPrimitives.ReadInt32LittleEndian(_bytes[((index + 1) * sizeof(int))..]);
}
