using Google.FlatBuffers;

namespace Quantize.Converter.Emission;

/// <summary>
/// The file's buffers, each content once. Buffer 0 is the empty one that every computed tensor names. Data lies inside the flatbuffer, where every reader
/// finds it, unless there is more than the builder can hold: then it follows the flatbuffer, and each buffer says where.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>The builder cannot grow beyond 1 GB.</summary>
    public const long MostInlineBytes = 1_000_000_000;

    private readonly List<ReadOnlyMemory<byte>> _buffers;
    private readonly Dictionary<int, List<int>> _byHash = [];

    public BufferPool()
        : this([ReadOnlyMemory<byte>.Empty])
    {
    }

    private BufferPool(List<ReadOnlyMemory<byte>> buffers) => _buffers = buffers;

    public long ByteCount { get; private set; }

    public int Add(ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty)
            return 0;
        var hash = new HashCode();
        hash.AddBytes(data.Span);
        int key = hash.ToHashCode();
        if (!_byHash.TryGetValue(key, out List<int>? equals))
            _byHash[key] = equals = [];
        int found = equals.FindIndex(index => _buffers[index].Span.SequenceEqual(data.Span));
        if (found >= 0)
            return equals[found];
        equals.Add(_buffers.Count);
        _buffers.Add(data);
        ByteCount += Aligned(data.Length);
        return _buffers.Count - 1;
    }

    /// <summary>
    /// Buffers that <see cref="Write"/> writes as these, with the same padding, but each cut short by a multiple of the alignment; and how many bytes were cut.
    /// </summary>
    public (BufferPool Pool, long CutBytes) Shortened()
    {
        var shortened = new BufferPool([.. _buffers.Select(data => data[..ShortLength(data.Length)])]);
        return (shortened, _buffers.Sum(data => (long)data.Length - ShortLength(data.Length)));
    }

    /// <summary>The vector of tables. Data that stays outside is said to begin at byte <paramref name="start"/> of the file; null writes it inside.</summary>
    public int Write(FlatBufferBuilder builder, long? start)
    {
        var tables = new int[_buffers.Count];
        long position = start ?? 0;
        for (int i = 0; i < tables.Length; i++)
        {
            ReadOnlyMemory<byte> data = _buffers[i];
            tables[i] = start is null || data.IsEmpty ? WriteInside(builder, data) : WriteOutside(builder, position, data.Length);
            position += Aligned(data.Length);
        }

        return builder.OffsetVector(tables);
    }

    /// <summary>Data that follows the flatbuffer, at the positions that <see cref="Write"/> gave.</summary>
    public void CopyTo(Span<byte> outside)
    {
        foreach (ReadOnlyMemory<byte> data in _buffers)
        {
            data.Span.CopyTo(outside);
            outside = outside[(int)Aligned(data.Length)..];
        }
    }

    public static long Aligned(long length) => (length + FlatBufferTables.DataAlignment - 1) / FlatBufferTables.DataAlignment * FlatBufferTables.DataAlignment;

    private static int ShortLength(int length) =>
        length < FlatBufferTables.DataAlignment ? length : FlatBufferTables.DataAlignment + length % FlatBufferTables.DataAlignment;

    private static int WriteInside(FlatBufferBuilder builder, ReadOnlyMemory<byte> data)
    {
        int vector = data.IsEmpty ? 0 : builder.DataVector(data);
        builder.StartTable(1);
        builder.AddOffset(0, vector, 0);
        return builder.EndTable();
    }

    private static int WriteOutside(FlatBufferBuilder builder, long position, long length)
    {
        builder.StartTable(3);
        builder.AddUlong(1, (ulong)position, 0);
        builder.AddUlong(2, (ulong)length, 0);
        return builder.EndTable();
    }
}
