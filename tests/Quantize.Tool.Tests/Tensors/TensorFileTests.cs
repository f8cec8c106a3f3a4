using Quantize.Runtime;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Tests.Tensors;

public sealed class TensorFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static MatrixTheoryData<string, TensorType> FormatsAndTypes => new(
        [".safetensors", ".npz", ".npy"],
        [
            TensorType.Float32, TensorType.Float64, TensorType.Float16, TensorType.Int8, TensorType.UInt8, TensorType.Int16,
            TensorType.UInt16, TensorType.Int32, TensorType.UInt32, TensorType.Int64, TensorType.UInt64, TensorType.Bool,
        ]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(FormatsAndTypes))]
    public void What_is_written_is_read_back(string extension, TensorType type)
    {
        NamedTensor tensor = Sample("#0", type, 2, 3);
        AssertSame([tensor], RoundTrip(extension, tensor));
    }

    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".npz")]
    public void Many_tensors_keep_names_and_order(string extension)
    {
        NamedTensor[] tensors =
        [
            Sample("z", TensorType.Bool, 3),
            Sample("a/b:0", TensorType.Float32, 2, 2),
            Sample("scalar", TensorType.Int64),
            Sample("empty", TensorType.Float32, 0, 4),
            Sample("наука \" \\", TensorType.UInt8, 5),
        ];
        AssertSame(tensors, RoundTrip(extension, tensors));
    }

    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".npz")]
    public void No_tensor_is_a_file_too(string extension) => Assert.Empty(RoundTrip(extension));

    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".npz")]
    [InlineData(".npy")]
    public void Equal_tensors_give_equal_bytes(string extension)
    {
        string first = _folder.PathOf("a" + extension), second = _folder.PathOf("b" + extension);
        TensorFile.Save(first, [Sample("x", TensorType.Float32, 4)]);
        TensorFile.Save(second, [Sample("x", TensorType.Float32, 4)]);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
    }

    [Fact]
    public void Npy_holds_one_array_only()
    {
        var exception = Assert.Throws<DiagnosticException>(() => RoundTrip(".npy", Sample("a", TensorType.Int8, 1), Sample("b", TensorType.Int8, 1)));
        Assert.Contains("holds one array, and there are 2", exception.Message);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void What_a_format_cannot_hold_is_said_and_nothing_is_written()
    {
        var exception = Assert.Throws<DiagnosticException>(() => RoundTrip(".safetensors", new NamedTensor("words", TensorType.String, [1], new byte[4])));
        Assert.Contains("'words' has elements of type String", exception.Message);
        Assert.Empty(_folder.Files);
    }

    private IReadOnlyList<NamedTensor> RoundTrip(string extension, params NamedTensor[] tensors)
    {
        string path = _folder.PathOf("tensors" + extension);
        TensorFile.Save(path, tensors);
        return TensorFile.Load(path);
    }

    private static NamedTensor Sample(string name, TensorType type, params int[] shape)
    {
        var probe = new NamedTensor(name, type, shape, default);
        var data = new byte[ElementType.Of(probe).ByteCount(shape, name)];
        for (int i = 0; i < data.Length; i++)
            data[i] = type == TensorType.Bool ? (byte)(i & 1) : (byte)(17 * i + 3);
        return probe with { Data = data };
    }

    private static void AssertSame(IReadOnlyList<NamedTensor> expected, IReadOnlyList<NamedTensor> actual)
    {
        Assert.Equal(expected.Select(tensor => tensor.ToString()), actual.Select(tensor => tensor.ToString()));
        foreach ((NamedTensor a, NamedTensor b) in expected.Zip(actual))
            Assert.Equal(a.Data.ToArray(), b.Data.ToArray());
    }
}
