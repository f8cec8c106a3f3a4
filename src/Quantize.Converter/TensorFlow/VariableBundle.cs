using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Variables on disk: <c>variables.index</c> tells for every key the type, the shape and where in which shard the bytes lie. The index is read at once, a tensor's
/// bytes when they are asked for; both are checked against their CRC.
/// </summary>
internal sealed class VariableBundle
{
    private const int NewestVersion = 1;

    private readonly string _prefix;
    private readonly Dictionary<string, BundleEntryProto> _entries = new(StringComparer.Ordinal);
    private int _shards;

    private VariableBundle(string prefix) => _prefix = prefix;

    /// <summary>The index file.</summary>
    public string File => _prefix + ".index";

    public IEnumerable<string> Keys => _entries.Keys.Where(key => key.Length > 0 && key[0] != '\0');

    /// <summary>Reads <c>prefix.index</c>.</summary>
    public static VariableBundle Open(string prefix)
    {
        var bundle = new VariableBundle(prefix);
        bundle.ReadIndex();
        return bundle;
    }

    /// <summary>The tensor of that key, or null. Its type, shape and place are checked now, its bytes when read.</summary>
    public TfTensor? Find(CheckpointKey key)
    {
        if (!_entries.TryGetValue(IndexKey(Encoding.UTF8.GetBytes(key.Tensor)), out BundleEntryProto? entry))
            return null;
        if (key.Slice.Length == 0)
            return Tensor(key.Tensor, entry);
        TensorSlice slice = TensorSlice.Parse(key.Slice, FullShape(key.Tensor, entry))
            ?? throw ConversionException.Damaged(File, $"variable '{key.Tensor}' has no part '{key.Slice}'");
        TfTensor whole = Tensor(key.Tensor, entry);
        return new TfTensor(whole.Type, slice.Lengths, () => slice.CutFrom(whole));
    }

    private void ReadIndex()
    {
        foreach ((byte[] key, byte[] value) in SortedStringTable.Read(ReadAll(File), File))
        {
            try
            {
                if (key.Length == 0)
                    ReadHeader(ProtobufFile.Parse(value, BundleHeaderProto.Parser));
                else
                    _entries[IndexKey(key)] = ProtobufFile.Parse(value, BundleEntryProto.Parser);
            }
            catch (InvalidProtocolBufferException problem)
            {
                throw ConversionException.Damaged(File, $"the entry '{Encoding.UTF8.GetString(key)}' cannot be read ({problem.Message})", problem);
            }
        }

        if (_shards <= 0)
            throw ConversionException.Damaged(File, "it has no header, or one without shards");
    }

    private void ReadHeader(BundleHeaderProto header)
    {
        if (header.Endianness != 0)
            throw ConversionException.Damaged(File, "it was written on a big-endian machine");
        if (header.Version?.MinConsumer > NewestVersion)
            throw ConversionException.Damaged(File, $"it asks for version {header.Version.MinConsumer}; {NewestVersion} is the newest known");
        _shards = header.NumShards;
    }

    private TfTensor Tensor(string name, BundleEntryProto entry)
    {
        TfDataType type = TfDataTypes.Of(entry.Dtype);
        int[] shape = FullShape(name, entry);
        if (entry.Slices.Count > 0)
            return Joined(name, entry, type, shape);
        string shard = CheckPlace(name, entry, type, shape);
        return type == TfDataType.String
            ? new TfTensor(shape, () => BundleStrings.Read(ReadBytes(name, entry, shard), shape.Aggregate(1, (product, size) => product * size), entry.Crc32C, shard, name))
            : new TfTensor(type, shape, () => Checked(name, entry, shard));
    }

    /// <summary>A partitioned variable: each part has an entry of its own, under a key that spells its place.</summary>
    private TfTensor Joined(string name, BundleEntryProto entry, TfDataType type, int[] shape)
    {
        var parts = new List<(TensorSlice Slice, TfTensor Tensor)>();
        foreach (TensorSliceProto proto in entry.Slices)
        {
            TensorSlice slice = TensorSlice.Of(proto, shape) ?? throw ConversionException.Damaged(File, $"a part of variable '{name}' lies outside of it");
            if (!_entries.TryGetValue(IndexKey(TensorSlice.Key(name, proto)), out BundleEntryProto? part))
                throw ConversionException.Damaged(File, $"a part of variable '{name}' is missing");
            if (part.Slices.Count > 0 || part.Dtype != entry.Dtype || !FullShape(name, part).AsSpan().SequenceEqual(slice.Lengths))
                throw ConversionException.Damaged(File, $"a part of variable '{name}' has another type or shape than its place");
            parts.Add((slice, Tensor(name, part)));
        }

        long count = shape.Aggregate(1L, (product, size) => product * size);
        if (count * type.ByteSize() > Array.MaxLength || parts.Sum(part => part.Slice.Count) != count)
            throw ConversionException.Damaged(File, $"the parts of variable '{name}' do not cover it once");
        return new TfTensor(type, shape, () => TensorSlice.Join(parts, type, shape));
    }

    private int[] FullShape(string name, BundleEntryProto entry) => TensorProtoReader.TryShape(entry.Shape, out int[] shape, out _)
        ? shape
        : throw ConversionException.Damaged(File, $"variable '{name}' has a shape that is open or larger than memory");

    private string CheckPlace(string name, BundleEntryProto entry, TfDataType type, int[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        if (type is TfDataType.Invalid or TfDataType.Resource or TfDataType.Variant)
            throw ConversionException.Damaged(File, $"variable '{name}' has the element type {entry.Dtype}, which cannot be read");
        if (type != TfDataType.String && entry.Size != count * type.ByteSize())
            throw ConversionException.Damaged(File, $"variable '{name}' has {entry.Size} bytes where its type and shape ask for {count * type.ByteSize()}");
        if (entry.ShardId < 0 || entry.ShardId >= _shards)
            throw ConversionException.Damaged(File, $"variable '{name}' lies in shard {entry.ShardId} of {_shards}");
        string shard = FormattableString.Invariant($"{_prefix}.data-{entry.ShardId:D5}-of-{_shards:D5}");
        var file = new FileInfo(shard);
        if (!file.Exists)
            throw ConversionException.Damaged(shard, $"the file is missing; variable '{name}' lies in it");
        if (entry.Offset < 0 || entry.Size < 0 || entry.Size > Array.MaxLength || entry.Offset > file.Length - entry.Size)
            throw ConversionException.Damaged(shard, $"variable '{name}' lies at {entry.Offset} with {entry.Size} bytes, the file has {file.Length}: it is cut off");
        return shard;
    }

    private static byte[] Checked(string name, BundleEntryProto entry, string shard)
    {
        byte[] bytes = ReadBytes(name, entry, shard);
        return MaskedCrc32C.Of(bytes) == entry.Crc32C
            ? bytes
            : throw ConversionException.Damaged(shard, $"the checksum of variable '{name}' does not match: the file was altered");
    }

    private static byte[] ReadBytes(string name, BundleEntryProto entry, string shard) =>
        new FileSlice(shard, entry.Offset, (int)entry.Size).Read($"variable '{name}'");

    private static byte[] ReadAll(string file)
    {
        if (!System.IO.File.Exists(file))
            throw ConversionException.Damaged(file, "the file is missing; it tells where the variables lie");
        try
        {
            return System.IO.File.ReadAllBytes(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw ConversionException.Damaged(file, $"it cannot be opened ({problem.Message})", problem);
        }
    }

    private static string IndexKey(byte[] key) => Encoding.Latin1.GetString(key);
}
