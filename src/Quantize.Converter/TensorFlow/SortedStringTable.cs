using System.Buffers.Binary;
using Snappier;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A sorted table of keys and values as LevelDB lays it out: data blocks, an index block of their places, a footer. Every block ends in its compression and a
/// masked CRC; keys share prefixes with the one before.
/// </summary>
internal sealed class SortedStringTable
{
    private const int FooterLength = 48;
    private const int BlockTrailerLength = 5;
    private const int LargestBlock = 1 << 30;
    private const long MostKeyBytes = 1 << 28;
    private const ulong Magic = 0xdb4775248b80fb57;

    private readonly byte[] _bytes;
    private readonly string _file;
    private long _keyBytes;

    private SortedStringTable(byte[] bytes, string file) => (_bytes, _file) = (bytes, file);

    /// <summary>All entries in order; keys are bytes.</summary>
    /// <exception cref="ConversionException">The bytes are no such table, or altered.</exception>
    public static List<KeyValuePair<byte[], byte[]>> Read(byte[] bytes, string file) => new SortedStringTable(bytes, file).Read();

    private List<KeyValuePair<byte[], byte[]>> Read()
    {
        if (_bytes.Length < FooterLength)
            throw Damaged($"it has {_bytes.Length} bytes, fewer than a checkpoint index's footer");
        ReadOnlySpan<byte> footer = _bytes.AsSpan(_bytes.Length - FooterLength);
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer[40..]) != Magic)
            throw Damaged("it does not end like a checkpoint index; it is another kind of file, or cut off");

        int position = 0;
        Handle(footer[..40], ref position);
        (ulong offset, ulong size) = Handle(footer[..40], ref position);
        var entries = new List<KeyValuePair<byte[], byte[]>>();
        foreach ((_, byte[] place) in Entries(Block(offset, size)))
        {
            position = 0;
            (offset, size) = Handle(place, ref position);
            entries.AddRange(Entries(Block(offset, size)));
        }

        return entries;
    }

    private byte[] Block(ulong offset, ulong size)
    {
        ulong end = (ulong)_bytes.Length - FooterLength;
        if (offset > end || size > end - offset || end - offset - size < BlockTrailerLength)
            throw Damaged($"a block at {offset} of {size} bytes lies outside of the file");
        ReadOnlySpan<byte> block = _bytes.AsSpan((int)offset, (int)size);
        ReadOnlySpan<byte> trailer = _bytes.AsSpan((int)(offset + size), BlockTrailerLength);
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(trailer[1..]);
        if (MaskedCrc32C.Of(_bytes.AsSpan((int)offset, (int)size + 1)) != expected)
            throw Damaged($"the checksum of the block at {offset} does not match: the file was altered");
        return trailer[0] switch
        {
            0 => block.ToArray(),
            1 => Uncompressed(block),
            _ => throw Damaged($"the block at {offset} has the unknown compression {trailer[0]}"),
        };
    }

    private byte[] Uncompressed(ReadOnlySpan<byte> block)
    {
        try
        {
            int length = Snappy.GetUncompressedLength(block);
            if (length is < 0 or > LargestBlock || length > block.Length * 100L)
                throw Damaged($"a compressed block claims {length} bytes");
            var bytes = new byte[length];
            return Snappy.TryDecompress(block, bytes, out int written) && written == length ? bytes : throw Damaged("a compressed block cannot be read");
        }
        catch (InvalidDataException problem)
        {
            throw ConversionException.Damaged(_file, $"a compressed block cannot be read ({problem.Message})", problem);
        }
    }

    /// <summary>Entries of a block: lengths of the shared and of the own part of the key, of the value, then these two; restart offsets end the block.</summary>
    private List<KeyValuePair<byte[], byte[]>> Entries(byte[] block)
    {
        uint restarts = block.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(block.Length - 4)) : uint.MaxValue;
        if (restarts > (block.Length / 4) - 1)
            throw Damaged("a block's restart offsets lie outside of it");
        ReadOnlySpan<byte> data = block.AsSpan(0, block.Length - (4 * ((int)restarts + 1)));

        var entries = new List<KeyValuePair<byte[], byte[]>>();
        byte[] key = [];
        for (int position = 0; position < data.Length;)
        {
            ulong shared = Varint(data, ref position);
            ulong own = Varint(data, ref position);
            ulong value = Varint(data, ref position);
            ulong left = (ulong)(data.Length - position);
            if (shared > (ulong)key.Length || own > left || value > left - own)
                throw Damaged("an entry reaches beyond its block");
            _keyBytes += (long)(shared + own);
            if (_keyBytes > MostKeyBytes)
                throw Damaged("its keys would take more memory than any model's");
            key = [.. key.AsSpan(0, (int)shared), .. data.Slice(position, (int)own)];
            position += (int)own;
            entries.Add(new(key, data.Slice(position, (int)value).ToArray()));
            position += (int)value;
        }

        return entries;
    }

    private (ulong Offset, ulong Size) Handle(ReadOnlySpan<byte> bytes, ref int position) => (Varint(bytes, ref position), Varint(bytes, ref position));

    private ulong Varint(ReadOnlySpan<byte> bytes, ref int position) =>
        Varints.TryRead(bytes, ref position, out ulong value) ? value : throw Damaged("a number in it is cut off");

    private ConversionException Damaged(string fact) => ConversionException.Damaged(_file, fact);
}
