using Microsoft.Build.Framework;
using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>Reads a TfModel item as it stands; the tool understands it.</summary>
internal static class ItemReader
{
    private static readonly char[] Separators = [';', ','];

    public static ModelRequest Read(ITaskItem item, string rootNamespace) => new()
    {
        Source = item.ItemSpec,
        Path = WithoutTrailingSeparator(item.GetMetadata("FullPath")),
        RootNamespace = rootNamespace,
        ClassName = Text(item, "ClassName"),
        Namespace = Text(item, "Namespace"),
        Quantization = Text(item, "Quantization"),
        Arithmetic = Text(item, "Arithmetic"),
        SignatureKey = Text(item, "SignatureKey"),
        Tags = List(item, "Tags"),
        InputArrays = List(item, "InputArrays"),
        OutputArrays = List(item, "OutputArrays"),
        KeepFloat = List(item, "KeepFloat"),
    };

    private static string Text(ITaskItem item, string metadata) => item.GetMetadata(metadata).Trim();

    private static string[] List(ITaskItem item, string metadata) =>
        [.. item.GetMetadata(metadata).Split(Separators).Select(entry => entry.Trim()).Where(entry => entry.Length != 0)];

    private static string WithoutTrailingSeparator(string path)
    {
        string trimmed = path.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        return trimmed.Length == 0 ? path : trimmed;
    }
}
