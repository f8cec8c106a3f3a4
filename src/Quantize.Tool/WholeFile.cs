using Quantize.Build;

namespace Quantize.Tool;

/// <summary>Files that are there whole or not at all: written beside their place, then renamed.</summary>
internal static class WholeFile
{
    /// <exception cref="DiagnosticException">The place cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        CheckPlace(path);
        string unfinished = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            using (FileStream stream = new(unfinished, FileMode.CreateNew))
                write(stream);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(DiagnosticTable.OutputNotWritten, path, e.Message);
        }
        finally
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    /// <exception cref="DiagnosticException">There is no place for such a file.</exception>
    public static void CheckPlace(string path)
    {
        if (Directory.Exists(path))
            throw new DiagnosticException(DiagnosticTable.OutputNotWritten, path, "there is a folder of this name");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new DiagnosticException(DiagnosticTable.OutputNotWritten, path, $"there is no folder '{folder}'");
    }
}
