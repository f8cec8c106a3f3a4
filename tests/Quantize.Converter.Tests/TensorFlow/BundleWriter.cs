using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;
using Snappier;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>Writes checkpoints the way TensorFlow lays them out, for tests: one shard, one data block, raw or Snappy.</summary>
internal sealed class BundleWriter
{
    private readonly SortedDictionary<string, byte[]> _entries = new(StringComparer.Ordinal);
    private readonly MemoryStream _shard = new();

    /// <summary>Compresses the data block.</summary>
    public bool Compressed { get; init; }

    public BundleWriter Floats(string key, long[] shape, params float[] values) => Floats(Encoding.UTF8.GetBytes(key), shape, values);

    private BundleWriter Floats(byte[] key, long[] shape, float[] values)
    {
        var bytes = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return Add(key, (int)TfDataType.Float32, shape, bytes, MaskedCrc32C.Of(bytes));
    }

    /// <summary>A partitioned variable: its own entry names the parts, each part has an entry under an encoded key.</summary>
    public BundleWriter Parts(string key, long[] shape, params (TensorSliceProto Slice, long[] Shape, float[] Values)[] parts)
    {
        var whole = new BundleEntryProto { Dtype = (int)TfDataType.Float32, Shape = TestGraphs.Shape(shape) };
        whole.Slices.AddRange(parts.Select(part => part.Slice));
        _entries[key] = whole.ToByteArray();
        foreach ((TensorSliceProto slice, long[] partShape, float[] values) in parts)
            Floats(TensorSlice.Key(key, slice), partShape, values);
        return this;
    }

    /// <summary>A tensor of texts, for instance the object graph.</summary>
    public BundleWriter Texts(string key, long[] shape, params byte[][] texts)
    {
        var lengths = new byte[4 * texts.Length];
        var bytes = new List<byte>();
        for (int i = 0; i < texts.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(lengths.AsSpan(4 * i), texts[i].Length);
            WriteVarint(bytes, texts[i].Length);
        }

        uint crc = MaskedCrc32C.Append(0, lengths);
        var masked = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, MaskedCrc32C.Mask(crc));
        byte[] rest = [.. masked, .. texts.SelectMany(text => text)];
        bytes.AddRange(rest);
        return Add(Encoding.UTF8.GetBytes(key), (int)TfDataType.String, shape, [.. bytes], MaskedCrc32C.Mask(MaskedCrc32C.Append(crc, rest)));
    }

    /// <summary>An entry as given, to lie about a tensor.</summary>
    public BundleWriter Entry(string key, BundleEntryProto entry)
    {
        _entries[key] = entry.ToByteArray();
        return this;
    }

    public void Write(string prefix)
    {
        var file = new List<byte>();
        byte[] data = Block(_entries.Select(pair => (Encoding.Latin1.GetBytes(pair.Key), pair.Value))
            .Prepend(([], new BundleHeaderProto { NumShards = 1, Version = new VersionDef { Producer = 1 } }.ToByteArray())));
        byte[] dataHandle = Append(file, data, Compressed);
        byte[] metaHandle = Append(file, Block([]), false);
        byte[] indexHandle = Append(file, Block([("~"u8.ToArray(), dataHandle)]), false);
        byte[] footer = new byte[48];
        ((byte[])[.. metaHandle, .. indexHandle]).CopyTo(footer, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(40), 0xdb4775248b80fb57);
        file.AddRange(footer);
        File.WriteAllBytes(prefix + ".index", [.. file]);
        File.WriteAllBytes(prefix + ".data-00000-of-00001", _shard.ToArray());
    }

    private BundleWriter Add(byte[] key, int type, long[] shape, byte[] bytes, uint crc)
    {
        var entry = new BundleEntryProto { Dtype = type, Shape = TestGraphs.Shape(shape), Offset = _shard.Length, Size = bytes.Length, Crc32C = crc };
        _shard.Write(bytes);
        _entries[Encoding.Latin1.GetString(key)] = entry.ToByteArray();
        return this;
    }

    /// <summary>Entries with shared prefixes, one restart point.</summary>
    private static byte[] Block(IEnumerable<(byte[] Key, byte[] Value)> entries)
    {
        var block = new List<byte>();
        byte[] last = [];
        foreach ((byte[] key, byte[] value) in entries)
        {
            int shared = last.AsSpan().CommonPrefixLength(key);
            WriteVarint(block, shared);
            WriteVarint(block, key.Length - shared);
            WriteVarint(block, value.Length);
            block.AddRange([.. key[shared..], .. value]);
            last = key;
        }

        block.AddRange([0, 0, 0, 0, 1, 0, 0, 0]);
        return [.. block];
    }

    private static byte[] Append(List<byte> file, byte[] block, bool compressed)
    {
        byte[] stored = compressed ? Snappy.CompressToArray(block) : block;
        var handle = new List<byte>();
        WriteVarint(handle, file.Count);
        WriteVarint(handle, stored.Length);
        byte[] checkedBytes = [.. stored, compressed ? (byte)1 : (byte)0];
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, MaskedCrc32C.Of(checkedBytes));
        file.AddRange([.. checkedBytes, .. crc]);
        return [.. handle];
    }

    private static void WriteVarint(List<byte> bytes, int value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
