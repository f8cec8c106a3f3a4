using Quantize.Build;

namespace Quantize.Converter.Keras.Files;

/// <summary>Reads a model that Keras saved: a <c>.keras</c> archive, an <c>.h5</c> file, or an architecture in JSON with a file of weights beside it.</summary>
internal static class KerasFileReader
{
    private static readonly (byte[] Magic, Func<string, KerasFile> Read)[] s_formats =
    [
        ("PK\x03\x04"u8.ToArray(), KerasArchive.Read),
        ([0x89, .. "HDF\r\n\x1a\n"u8], Hdf5Model.Read),
    ];

    private static readonly string[] s_extensions = [".keras", ".h5", ".hdf5", ".json"];

    /// <summary>Whether the path names such a file, by its extension or its first bytes.</summary>
    public static bool IsKeras(string path)
    {
        if (!File.Exists(path))
            return false;
        return s_extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) || FormatOf(path) is not null;
    }

    /// <exception cref="ConversionException">The file is damaged, or is none of Keras.</exception>
    public static KerasFile Read(string path)
    {
        try
        {
            if (IsLfsPointer(path))
                throw new ConversionException(DiagnosticTable.GitLfsPointer, path);
            if (FormatOf(path) is { } read)
                return read(path);
            if (KerasCompanion.IsArchitecture(path))
                return ArchitectureFile.Read(path);
            throw ConversionException.Damaged(path, new FileInfo(path).Length == 0 ? "it is empty" : "it is neither a zip archive nor an HDF5 file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ConversionException.Damaged(path, exception.Message, exception);
        }
    }

    private static Func<string, KerasFile>? FormatOf(string path)
    {
        Span<byte> start = stackalloc byte[8];
        using FileStream file = File.OpenRead(path);
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        foreach ((byte[] magic, Func<string, KerasFile> read) in s_formats)
        {
            if (start.StartsWith(magic))
                return read;
        }

        return null;
    }

    private static bool IsLfsPointer(string path)
    {
        Span<byte> start = stackalloc byte[22];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("version https://git-lfs"u8[..22]);
    }
}
