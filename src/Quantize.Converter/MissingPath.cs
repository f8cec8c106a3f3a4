using Quantize.Build;

namespace Quantize.Converter;

/// <summary>Where a path that leads nowhere ends, and what stands there of a similar name.</summary>
internal static class MissingPath
{
    public static ModelDiagnostic Diagnose(string path) => new(DiagnosticTable.ModelNotFound, path, Describe(path));

    private static string Describe(string path)
    {
        string missing = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        while (Path.GetDirectoryName(missing) is { } parent && !Directory.Exists(parent))
            missing = parent;
        string folder = Path.GetDirectoryName(missing) ?? missing, name = Path.GetFileName(missing);
        if (File.Exists(missing))
            return $"'{missing}' is a file";
        return Similar(folder, name) is { } similar ? $"'{folder}' has no '{name}', but '{similar}'" : $"'{folder}' has no '{name}'";
    }

    /// <summary>A typing mistake away, or with another extension.</summary>
    private static string? Similar(string folder, string name)
    {
        try
        {
            string[] present = [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
            string stem = Path.GetFileNameWithoutExtension(name);
            return NearMiss.Of(name, present)
                ?? Array.Find(present, entry => Path.GetFileNameWithoutExtension(entry).Equals(stem, StringComparison.OrdinalIgnoreCase))
                ?? NearMiss.Of(stem, present);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
