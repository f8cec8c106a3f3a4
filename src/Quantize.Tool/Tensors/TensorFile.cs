using Quantize.Build;

namespace Quantize.Tool.Tensors;

/// <summary>A format of files of tensors, told by the extension.</summary>
internal sealed record TensorFile(string Extension, Func<string, IReadOnlyList<NamedTensor>> Read, Action<Stream, IReadOnlyList<NamedTensor>> Write)
{
    private static readonly TensorFile[] s_formats =
    [
        new(".safetensors", SafetensorsFile.Read, SafetensorsFile.Write),
        new(".npz", NpzFile.Read, NpzFile.Write),
        new(".npy", NpyFile.Read, NpyFile.Write),
    ];

    public static string Extensions => string.Join(", ", s_formats.Select(format => format.Extension));

    public static bool IsKnown(string path) => s_formats.Any(format => format.Owns(path));

    /// <summary>All tensors of a file, in its order; no two have one name.</summary>
    /// <exception cref="DiagnosticException">The file is missing, damaged, or of a kind not known.</exception>
    public static IReadOnlyList<NamedTensor> Load(string path)
    {
        try
        {
            IReadOnlyList<NamedTensor> tensors = Of(path).Read(path);
            if (tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new TensorFileException($"two tensors are named '{twice.Key}'");
            return tensors;
        }
        catch (Exception e) when (e is TensorFileException or IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(DiagnosticTable.TensorFileUnreadable, path, e.Message);
        }
    }

    /// <summary>Writes a whole file or none.</summary>
    /// <exception cref="DiagnosticException">The place cannot be written to, or the format cannot hold these tensors.</exception>
    public static void Save(string path, IReadOnlyList<NamedTensor> tensors)
    {
        try
        {
            WholeFile.Write(path, stream => Of(path).Write(stream, tensors));
        }
        catch (TensorFileException e)
        {
            throw new DiagnosticException(DiagnosticTable.OutputNotWritten, path, e.Message);
        }
    }

    private static TensorFile Of(string path) =>
        Array.Find(s_formats, format => format.Owns(path)) ?? throw new TensorFileException($"the name must end in one of {Extensions}");

    private bool Owns(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
}
