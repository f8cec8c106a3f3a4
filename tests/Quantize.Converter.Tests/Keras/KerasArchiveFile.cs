using System.IO.Compression;

namespace Quantize.Converter.Tests.Keras;

/// <summary>A .keras file of parts that a test makes, in a temporary folder.</summary>
internal sealed class KerasArchiveFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quantize-keras-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "model.keras");

    /// <summary>The archive of another file, with a part replaced.</summary>
    public static KerasArchiveFile Of(string original, string part, ReadOnlySpan<byte> bytes)
    {
        var file = new KerasArchiveFile();
        File.Copy(original, file.Path);
        using ZipArchive archive = ZipFile.Open(file.Path, ZipArchiveMode.Update);
        archive.GetEntry(part)?.Delete();
        using Stream stream = archive.CreateEntry(part).Open();
        stream.Write(bytes);
        return file;
    }

    public static KerasArchiveFile OfBytes(ReadOnlySpan<byte> bytes)
    {
        var file = new KerasArchiveFile();
        File.WriteAllBytes(file.Path, bytes);
        return file;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
