using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Quantize.Build;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;
using Quantize.Tests;

namespace Quantize.Converter.Tests.TensorFlow;

public sealed class VariableBundleTests : IDisposable
{
    private readonly TemporaryModel _model = new();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tensors_are_read_from_raw_and_from_snappy_blocks(bool compressed)
    {
        new BundleWriter { Compressed = compressed }
            .Floats("layer/bias", [3], 1, 2, 3)
            .Floats("layer/kernel", [2, 2], 4, 5, 6, 7)
            .Floats("layer/scalar", [], 8)
            .Texts("names", [2], "first"u8.ToArray(), "second"u8.ToArray())
            .Write(_model.VariablesPrefix);

        VariableBundle bundle = VariableBundle.Open(_model.VariablesPrefix);

        Assert.Equal(["layer/bias", "layer/kernel", "layer/scalar", "names"], bundle.Keys);
        Assert.Equal([1, 2, 3], Floats(bundle, "layer/bias"));
        Assert.Equal([4, 5, 6, 7], Floats(bundle, "layer/kernel"));
        Assert.Equal([2, 2], bundle.Find(new CheckpointKey("layer/kernel", ""))!.Shape);
        Assert.Equal([8], Floats(bundle, "layer/scalar"));
        Assert.Equal(["first"u8.ToArray(), "second"u8.ToArray()], bundle.Find(new CheckpointKey("names", ""))!.Strings);
        Assert.Null(bundle.Find(new CheckpointKey("layer", "")));
    }

    [Fact]
    public void The_checksum_is_crc32c_masked()
    {
        Assert.Equal(0xe3069283u, MaskedCrc32C.Append(0, "123456789"u8));
        Assert.Equal(MaskedCrc32C.Append(0, "123456789"u8), MaskedCrc32C.Append(MaskedCrc32C.Append(0, "1234"u8), "56789"u8));
        Assert.Equal(unchecked(((0xe3069283u >> 15) | (0xe3069283u << 17)) + 0xa282ead8u), MaskedCrc32C.Of("123456789"u8));
    }

    [Fact]
    public void A_flipped_bit_in_the_shard_names_the_variable_and_the_shard()
    {
        new BundleWriter().Floats("a", [2], 1, 2).Floats("b", [2], 3, 4).Write(_model.VariablesPrefix);
        string shard = _model.VariablesPrefix + ".data-00000-of-00001";
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[9] ^= 1;
        File.WriteAllBytes(shard, bytes);
        VariableBundle bundle = VariableBundle.Open(_model.VariablesPrefix);

        Assert.Equal([1, 2], Floats(bundle, "a"));
        ModelDiagnostic refusal = Assert.Single(Assert.Throws<ConversionException>(() => Floats(bundle, "b")).Diagnostics);
        Assert.Equal("QNT1002", refusal.Entry.Id);
        Assert.Equal(shard, refusal.File);
        Assert.Contains("variable 'b'", refusal.Message);
        Assert.Contains("checksum", refusal.Message);
    }

    [Fact]
    public void A_flipped_bit_in_the_index_names_the_index()
    {
        new BundleWriter().Floats("a", [2], 1, 2).Write(_model.VariablesPrefix);
        byte[] bytes = File.ReadAllBytes(_model.VariablesPrefix + ".index");
        bytes[5] ^= 1;
        File.WriteAllBytes(_model.VariablesPrefix + ".index", bytes);

        ModelDiagnostic refusal = Refusal();

        Assert.EndsWith("variables.index", refusal.File);
        Assert.Contains("checksum", refusal.Message);
    }

    [Fact]
    public void A_shard_cut_off_is_told_before_any_byte_is_read()
    {
        new BundleWriter().Floats("a", [2], 1, 2).Floats("b", [2], 3, 4).Write(_model.VariablesPrefix);
        string shard = _model.VariablesPrefix + ".data-00000-of-00001";
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..12]);
        VariableBundle bundle = VariableBundle.Open(_model.VariablesPrefix);

        Assert.NotNull(bundle.Find(new CheckpointKey("a", "")));
        ConversionException refusal = Assert.Throws<ConversionException>(() => bundle.Find(new CheckpointKey("b", "")));
        Assert.Contains("cut off", refusal.Message);
    }

    [Theory]
    [InlineData(-1, 8, 0)]
    [InlineData(0, -8, 0)]
    [InlineData(long.MaxValue, 8, 0)]
    [InlineData(0, 16, 0)]
    [InlineData(0, 8, 1)]
    [InlineData(0, 8, -1)]
    public void Hostile_places_are_refused(long offset, long size, int shard)
    {
        var entry = new BundleEntryProto { Dtype = TestGraphs.Float, Shape = TestGraphs.Shape(2), Offset = offset, Size = size, ShardId = shard };
        new BundleWriter().Floats("a", [2], 1, 2).Entry("b", entry).Write(_model.VariablesPrefix);
        VariableBundle bundle = VariableBundle.Open(_model.VariablesPrefix);

        Assert.Throws<ConversionException>(() => bundle.Find(new CheckpointKey("b", "")));
    }

    [Fact]
    public void A_hostile_shape_is_refused()
    {
        var entry = new BundleEntryProto { Dtype = TestGraphs.Float, Shape = TestGraphs.Shape(1L << 31, 1L << 31, 1L << 31), Size = 4 };
        new BundleWriter().Floats("a", [2], 1, 2).Entry("b", entry).Write(_model.VariablesPrefix);
        VariableBundle bundle = VariableBundle.Open(_model.VariablesPrefix);

        Assert.Contains("larger than memory", Assert.Throws<ConversionException>(() => bundle.Find(new CheckpointKey("b", ""))).Message);
    }

    [Fact]
    public void A_partitioned_variable_is_joined_and_its_parts_can_be_asked_for()
    {
        float[] left = [0, 1, 10, 11, 20, 21];
        float[] right = [2, 12, 22];
        new BundleWriter()
            .Parts("w", [3, 3], (Slice((0, -1), (0, 2)), [3, 2], left), (Slice((0, -1), (2, 1)), [3, 1], right))
            .Write(_model.VariablesPrefix);
        VariableBundle bundle = VariableBundle.Open(_model.VariablesPrefix);

        Assert.Equal([0, 1, 2, 10, 11, 12, 20, 21, 22], Floats(bundle, "w"));
        Assert.Equal(right, Floats(bundle, "w", "3 3 -:2,1"));
        Assert.Equal([11, 12, 21, 22], Floats(bundle, "w", "3 3 1,2:1,2"));
        Assert.Equal([2, 2], bundle.Find(new CheckpointKey("w", "3 3 1,2:1,2"))!.Shape);
        Assert.Equal(["w"], bundle.Keys);
    }

    [Theory]
    [InlineData("3 3 1,3:-")]
    [InlineData("3 4 -:-")]
    [InlineData("3 3 -")]
    [InlineData("3 3 a,b:-")]
    public void A_part_outside_of_its_variable_is_refused(string part)
    {
        new BundleWriter().Floats("w", [3, 3], new float[9]).Write(_model.VariablesPrefix);
        VariableBundle bundle = VariableBundle.Open(_model.VariablesPrefix);

        Assert.Throws<ConversionException>(() => bundle.Find(new CheckpointKey("w", part)));
    }

    [Fact]
    public void A_missing_part_and_parts_that_leave_gaps_are_refused()
    {
        var lonely = new BundleEntryProto { Dtype = TestGraphs.Float, Shape = TestGraphs.Shape(2) };
        lonely.Slices.Add(Slice((0, 2)));
        new BundleWriter()
            .Entry("lonely", lonely)
            .Parts("gap", [3], (Slice((0, 2)), [2], [1, 2]))
            .Write(_model.VariablesPrefix);
        VariableBundle bundle = VariableBundle.Open(_model.VariablesPrefix);

        Assert.Contains("missing", Assert.Throws<ConversionException>(() => bundle.Find(new CheckpointKey("lonely", ""))).Message);
        Assert.Contains("cover", Assert.Throws<ConversionException>(() => bundle.Find(new CheckpointKey("gap", ""))).Message);
    }

    [Theory]
    [InlineData(0, -1, "80 7f")]
    [InlineData(5, 63, "85 bf")]
    [InlineData(64, 8191, "c0 40 df ff")]
    [InlineData(8192, 1048576, "e0 20 00 f0 10 00 00")]
    public void Numbers_in_the_keys_of_parts_are_as_TensorFlow_writes_them(int start, int length, string expected)
    {
        byte[] key = TensorSlice.Key("w", Slice((start, length)));

        string prefix = "00 77 00 01 01 01 ";
        Assert.Equal(prefix + expected, Convert.ToHexStringLower(key).Chunk(2).Aggregate("", (text, pair) => text + new string(pair) + " ").TrimEnd());
    }

    [Fact]
    public void Texts_with_a_wrong_length_or_checksum_are_refused()
    {
        new BundleWriter().Texts("t", [2], "one"u8.ToArray(), "two"u8.ToArray()).Write(_model.VariablesPrefix);
        string shard = _model.VariablesPrefix + ".data-00000-of-00001";
        byte[] whole = File.ReadAllBytes(shard);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] bytes = [.. whole];
            bytes[i] ^= 4;
            File.WriteAllBytes(shard, bytes);
            TfTensor tensor = VariableBundle.Open(_model.VariablesPrefix).Find(new CheckpointKey("t", ""))!;
            Assert.Throws<ConversionException>(() => tensor.Strings);
        }
    }

    [Fact]
    public void Every_cut_and_many_flips_of_an_index_end_in_a_diagnostic_or_in_a_bundle()
    {
        new BundleWriter { Compressed = true }.Floats("a", [2], 1, 2).Floats("ab", [2], 3, 4).Write(_model.VariablesPrefix);
        byte[] whole = File.ReadAllBytes(_model.VariablesPrefix + ".index");
        for (int length = 0; length < whole.Length; length++)
            AssertRefused(whole[..length]);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            ReadAnyhow(flipped);
        }
    }

    [Fact]
    public void Blocks_with_valid_checksums_but_hostile_contents_end_in_a_diagnostic()
    {
        var random = new Random(20240607);
        for (int round = 0; round < 2000; round++)
        {
            var block = new byte[random.Next(4, 60)];
            random.NextBytes(block);
            if (round % 2 == 0)
                BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(block.Length - 4), random.Next(0, 3));
            ReadAnyhow(TableOf(block, compression: (byte)(round % 3 == 0 ? 1 : 0)));
        }
    }

    [Fact]
    public void The_object_graph_of_a_real_checkpoint_is_read()
    {
        string prefix = Repository.Shared("data", "models", "savedmodel", "java_using_python", "variables", "variables");

        TfTensor graph = VariableBundle.Open(prefix).Find(new CheckpointKey("_CHECKPOINTABLE_OBJECT_GRAPH", ""))!;

        Assert.NotEmpty(TrackableObjectGraph.Parser.ParseFrom(Assert.Single(graph.Strings)).Nodes);
    }

    private static TensorSliceProto Slice(params (long Start, long Length)[] extents)
    {
        var slice = new TensorSliceProto();
        foreach ((long start, long length) in extents)
            slice.Extent.Add(length < 0 ? new TensorSliceProto.Types.Extent() : new TensorSliceProto.Types.Extent { Start = start, Length = length });
        return slice;
    }

    private static float[] Floats(VariableBundle bundle, string key, string slice = "") =>
        MemoryMarshal.Cast<byte, float>(bundle.Find(new CheckpointKey(key, slice))!.Bytes.Span).ToArray();

    private ModelDiagnostic Refusal() =>
        Assert.Single(Assert.Throws<ConversionException>(() => VariableBundle.Open(_model.VariablesPrefix)).Diagnostics);

    private void AssertRefused(byte[] index)
    {
        File.WriteAllBytes(_model.VariablesPrefix + ".index", index);
        Assert.Throws<ConversionException>(() => VariableBundle.Open(_model.VariablesPrefix));
    }

    private static void ReadAnyhow(byte[] index)
    {
        try
        {
            SortedStringTable.Read(index, "variables.index");
        }
        catch (ConversionException problem)
        {
            Assert.NotEmpty(problem.Diagnostics);
        }
    }

    /// <summary>A table whose index block is these bytes, its checksum right.</summary>
    private static byte[] TableOf(byte[] block, byte compression)
    {
        byte[] checkedBytes = [.. block, compression];
        var file = new byte[checkedBytes.Length + 4 + 48];
        checkedBytes.CopyTo(file, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(checkedBytes.Length), MaskedCrc32C.Of(checkedBytes));
        file[^46] = 0;
        file[^45] = (byte)block.Length;
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(file.Length - 8), 0xdb4775248b80fb57);
        return file;
    }
}
