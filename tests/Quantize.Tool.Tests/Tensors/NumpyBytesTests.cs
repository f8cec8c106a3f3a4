using System.Text;
using Quantize.Runtime;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Tests.Tensors;

/// <summary>The bytes that numpy itself writes and reads, taken from its format's description.</summary>
public sealed class NumpyBytesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_vector_has_the_header_that_numpy_gives_it()
    {
        string path = _folder.PathOf("x.npy");
        TensorFile.Save(path, [new NamedTensor("x", TensorType.Float32, [2], new byte[8])]);
        byte[] expected =
        [
            0x93, .. "NUMPY"u8, 1, 0, 118, 0,
            .. Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".PadRight(117)), (byte)'\n',
            .. new byte[8],
        ];
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (), }", 1, "Bool []")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 1), }", 16, "Int64 [2,1]")]
    [InlineData("{\"descr\": \"<f2\", 'shape': (3,), 'fortran_order': False}", 6, "Float16 [3]")]
    public void Headers_of_every_form_are_read(string header, int bytes, string expected)
    {
        byte[] text = Encoding.ASCII.GetBytes(header);
        byte[] version1 = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. new byte[bytes]];
        byte[] version2 = [0x93, .. "NUMPY"u8, 2, 0, (byte)text.Length, 0, 0, 0, .. text, .. new byte[bytes]];
        Assert.Equal($"'#0' {expected}", TensorFile.Load(_folder.Write("1.npy", version1)).Single().ToString());
        Assert.Equal($"'#0' {expected}", TensorFile.Load(_folder.Write("2.npy", version2)).Single().ToString());
    }
}
