using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Tests.Tensors;

/// <summary>Files that lie about themselves: each is refused with the fact, and none costs more memory than it has bytes.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "needs 8 bytes but has 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "lies at bytes 0 to 16 of 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", "lies at bytes 8 to 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "lies at bytes -4 to 0")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", "the dimension -1")]
    [InlineData("""{"x":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}""", "larger than 2 GB")]
    [InlineData("""{"x":{"dtype":"F32","shape":[99999999999],"data_offsets":[0,0]}}""", "damaged")]
    [InlineData("""{"x":{"dtype":"F8_E5M2","shape":[1],"data_offsets":[0,1]}}""", "'F8_E5M2'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", "damaged")]
    [InlineData("""{"x":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", "damaged")]
    [InlineData("""{"x":{"dtype":"F32","shape":{},"data_offsets":[0,4]}}""", "damaged")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "1 data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "two tensors are named 'x'")]
    [InlineData("""[1,2]""", "damaged")]
    [InlineData("""{"x":""", "damaged")]
    [InlineData("", "damaged")]
    public void A_safetensors_header_that_lies_is_refused(string header, string fact) => AssertRefused("x.safetensors", Safetensors(header), fact);

    [Fact]
    public void A_deeply_nested_safetensors_header_is_refused() => AssertRefused("x.safetensors", Safetensors(new string('[', 100_000)), "damaged");

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_short_safetensors_file_is_refused(int length) => AssertRefused("x.safetensors", new byte[length], "too short");

    [Theory]
    [InlineData(100UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void A_safetensors_header_longer_than_the_file_is_refused(ulong length)
    {
        var file = new byte[20];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        AssertRefused("x.safetensors", file, "truncated");
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "Fortran order")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "big-endian")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "type 'O'")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "no '''")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9,), }", "needs 36 bytes but has 4")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999,99999), }", "larger than 2 GB")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "'' is no dimension")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,", "'' is no dimension")]
    [InlineData("{'shape': (1,)}", "no element type")]
    [InlineData("{'descr", "within a name")]
    [InlineData("__import__('os')", "no '{'")]
    public void An_npy_header_that_lies_is_refused(string header, string fact) => AssertRefused("x.npy", Npy(header), fact);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(40)]
    public void A_truncated_npy_file_is_refused(int length) =>
        AssertRefused("x.npy", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")[..length], "truncated");

    [Fact]
    public void An_npy_file_of_another_kind_is_refused() => AssertRefused("x.npy", Encoding.ASCII.GetBytes("PK and something else"), "does not begin with the word NUMPY");

    [Fact]
    public void A_file_that_is_no_zip_is_refused() => AssertRefused("x.npz", new byte[100], "the zip is damaged");

    [Fact]
    public void A_truncated_zip_is_refused()
    {
        byte[] zip = Zip("x.npy", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"));
        AssertRefused("x.npz", zip[..(zip.Length / 2)], "the zip is damaged");
    }

    [Fact]
    public void A_zip_that_claims_to_unpack_to_gigabytes_is_refused()
    {
        byte[] zip = Zip("x.npy", Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,), }"));
        int directory = zip.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(directory + 24), 2_000_000_138);
        AssertRefused("x.npz", zip, "to unpack from");
    }

    [Fact]
    public void A_missing_file_is_told() =>
        Assert.Contains("QNT6001", Assert.Throws<DiagnosticException>(() => TensorFile.Load(_folder.PathOf("none.npy"))).Message);

    private void AssertRefused(string name, byte[] content, string fact)
    {
        string path = _folder.Write(name, content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<DiagnosticException>(() => TensorFile.Load(path));
        Assert.Contains(fact, exception.Message);
        Assert.StartsWith($"{path}: error QNT6001: ", exception.Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000, "a small file must not cost megabytes");
    }

    private static byte[] Safetensors(string header)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. new byte[8]];
    }

    private static byte[] Npy(string header)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. new byte[4]];
    }

    private static byte[] Zip(string name, byte[] content)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write(content);
        }

        return stream.ToArray();
    }
}
