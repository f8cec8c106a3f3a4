using System.Buffers.Binary;
using System.Text;

namespace Quantize.Tool.Tensors;

/// <summary>numpy's .npy format: a magic word, a version, the length of a header, the header, raw data. One array, without a name.</summary>
internal static class NpyFile
{
    private const int VersionBytes = 2;
    private const int Alignment = 64;
    private const int LongestHeader = 1 << 16;

    /// <summary>The name that stands for the first input, whatever the model calls it.</summary>
    private const string FirstInput = "#0";

    private static readonly byte[] s_magic = [0x93, .. "NUMPY"u8];

    public static IReadOnlyList<NamedTensor> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return [Read(file, file.Length, Path.GetFileNameWithoutExtension(path)) with { Name = FirstInput }];
    }

    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors)
    {
        if (tensors.Count != 1)
            throw new TensorFileException($"a .npy file holds one array, and there are {tensors.Count}; name a .npz or .safetensors file");
        Write(stream, tensors[0]);
    }

    /// <summary>Reads an array that takes all the bytes of a stream.</summary>
    public static NamedTensor Read(Stream stream, long length, string name)
    {
        try
        {
            NpyHeader header = ReadHeader(stream, out int headerBytes);
            if (header.FortranOrder)
                throw new TensorFileException($"array '{name}' is in Fortran order; save it with numpy.ascontiguousarray(array)");
            ElementType type = ElementType.OfNumpy(header.Letters, name);
            int bytes = type.ByteCount(header.Shape, name);
            if (length - headerBytes != bytes)
                throw new TensorFileException($"array '{name}' of shape [{string.Join(',', header.Shape)}] needs {bytes} bytes but has {length - headerBytes}");
            var data = new byte[bytes];
            stream.ReadExactly(data);
            return new NamedTensor(name, type.Type, header.Shape, data);
        }
        catch (EndOfStreamException e)
        {
            throw new TensorFileException($"array '{name}' ends too early: the file is truncated", e);
        }
    }

    public static void Write(Stream stream, NamedTensor tensor)
    {
        ElementType type = ElementType.Of(tensor);
        string header = NpyHeader.Format((type.Bytes == 1 ? "|" : "<") + type.Numpy, tensor.Shape);
        int headerStart = s_magic.Length + VersionBytes + sizeof(ushort);
        int dataStart = (headerStart + header.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] start = [.. s_magic, 1, 0, .. new byte[sizeof(ushort)], .. Encoding.ASCII.GetBytes(header.PadRight(dataStart - headerStart - 1)), (byte)'\n'];
        BinaryPrimitives.WriteUInt16LittleEndian(start.AsSpan(s_magic.Length + VersionBytes), (ushort)(dataStart - headerStart));
        stream.Write(start);
        stream.Write(tensor.Data.Span);
    }

    /// <summary>Version 1 counts the header in 2 bytes, 2 and 3 in 4.</summary>
    private static NpyHeader ReadHeader(Stream stream, out int bytes)
    {
        Span<byte> start = stackalloc byte[s_magic.Length + VersionBytes + sizeof(uint)];
        start.Clear();
        stream.ReadExactly(start[..(s_magic.Length + VersionBytes)]);
        if (!start.StartsWith(s_magic))
            throw new TensorFileException("this is no .npy array: it does not begin with the word NUMPY");
        int version = start[s_magic.Length];
        if (version is < 1 or > 3)
            throw new TensorFileException($"the array's format has version {version}; known are 1 to 3");
        Span<byte> count = start.Slice(s_magic.Length + VersionBytes, version == 1 ? sizeof(ushort) : sizeof(uint));
        stream.ReadExactly(count);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(start[(s_magic.Length + VersionBytes)..]);
        if (length > LongestHeader)
            throw new TensorFileException($"the header of the array is said to have {length} bytes");
        var text = new byte[length];
        stream.ReadExactly(text);
        bytes = s_magic.Length + VersionBytes + count.Length + text.Length;
        return NpyHeader.Parse(Encoding.UTF8.GetString(text));
    }
}
