using System.IO.Compression;
using System.Text.Json;
using Quantize.Build;

namespace Quantize.Converter.Keras.Files;

/// <summary>The <c>.keras</c> format: a zip archive of <c>config.json</c>, <c>metadata.json</c> and <c>model.weights.h5</c>.</summary>
internal static class KerasArchive
{
    private const long MostJsonBytes = 256L << 20;
    private const string ConfigEntry = "config.json", MetadataEntry = "metadata.json", WeightsEntry = "model.weights.h5";

    public static KerasFile Read(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            JsonElement architecture = Json(path, archive, ConfigEntry);
            string version = Json(path, archive, MetadataEntry) is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty("keras_version", out JsonElement found)
                ? found.ToString()
                : "";
            return new KerasFile(path, architecture, version, Hdf5File.Open(path, Weights(path, archive)), WeightForm.Tree);
        }
        catch (InvalidDataException exception)
        {
            throw ConversionException.Damaged(path, $"its zip archive is broken ({exception.Message.TrimEnd('.')})", exception);
        }
    }

    private static JsonElement Json(string path, ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw ConversionException.Damaged(path, $"the archive has no {name}");
        return ConfigText.Parse(path, name, Bytes(path, entry, MostJsonBytes));
    }

    private static MemoryStream Weights(string path, ZipArchive archive)
    {
        ZipArchiveEntry entry = archive.GetEntry(WeightsEntry) ?? throw ConversionException.Damaged(
            path,
            archive.GetEntry("model.weights.npz") is null ? $"the archive has no {WeightsEntry}" : "its weights are a NumPy file; save it with weights in HDF5");
        return new MemoryStream(Bytes(path, entry, Array.MaxLength), writable: false);
    }

    /// <summary>No more than the archive declares is ever unpacked, nor more than the limit.</summary>
    private static byte[] Bytes(string path, ZipArchiveEntry entry, long most)
    {
        if (entry.Length > most)
            throw new ConversionException(DiagnosticTable.KerasFileTooLarge, path, entry.Name, $"{entry.Length}", $"{most}");
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        Span<byte> part = stackalloc byte[16384];
        for (int count; (count = stream.Read(part)) > 0;)
        {
            if (bytes.Length + count > entry.Length)
                throw new InvalidDataException($"{entry.Name} is longer than the archive says");
            bytes.Write(part[..count]);
        }

        return bytes.Length == entry.Length ? bytes.ToArray() : throw new InvalidDataException($"{entry.Name} is shorter than the archive says");
    }
}
