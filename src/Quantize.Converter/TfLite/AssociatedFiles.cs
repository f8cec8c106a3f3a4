using System.IO.Compression;
using Quantize.Converter.Labels;

namespace Quantize.Converter.TfLite;

/// <summary>The zip archive that TFLite Metadata appends to a file.</summary>
internal static class AssociatedFiles
{
    /// <summary>The bytes of one file of the archive.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or it is damaged, or larger than a file of labels can be.</exception>
    public static byte[] Read(byte[] model, string name)
    {
        using var stream = new MemoryStream(model, writable: false);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new InvalidDataException($"it names '{name}', which is not in the archive at the file's end");
        if (entry.Length > LabelText.MostBytes)
            throw new InvalidDataException($"'{name}' would have {entry.Length} bytes");
        byte[] bytes = new byte[entry.Length];
        using Stream content = entry.Open();
        int count = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count == bytes.Length && content.ReadByte() < 0 ? bytes : throw new InvalidDataException($"'{name}' does not have the size that the archive tells");
    }
}
