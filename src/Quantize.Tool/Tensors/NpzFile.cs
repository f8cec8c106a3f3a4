using System.IO.Compression;

namespace Quantize.Tool.Tensors;

/// <summary>numpy's .npz format: a zip with one .npy for each array.</summary>
internal static class NpzFile
{
    private const string Extension = ".npy";

    /// <summary>Deflate cannot make less than this of its input; a larger claim is a trap.</summary>
    private const int LargestCompression = 1032;

    private static readonly DateTimeOffset s_noTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<NamedTensor> Read(string path)
    {
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            return [.. zip.Entries.Select(Read)];
        }
        catch (InvalidDataException e)
        {
            throw new TensorFileException($"the zip is damaged: {e.Message}", e);
        }
    }

    /// <summary>Stored without compression and without the time, so that equal arrays give equal bytes.</summary>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (NamedTensor tensor in tensors)
        {
            ZipArchiveEntry entry = zip.CreateEntry(tensor.Name + Extension, CompressionLevel.NoCompression);
            entry.LastWriteTime = s_noTime;
            using Stream array = entry.Open();
            NpyFile.Write(array, tensor);
        }
    }

    private static NamedTensor Read(ZipArchiveEntry entry)
    {
        string name = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length] : entry.FullName;
        if (entry.Length > (entry.CompressedLength + 1) * LargestCompression)
            throw new TensorFileException($"array '{name}' is said to unpack from {entry.CompressedLength} bytes to {entry.Length}");
        using Stream array = entry.Open();
        return NpyFile.Read(array, entry.Length, name);
    }
}
