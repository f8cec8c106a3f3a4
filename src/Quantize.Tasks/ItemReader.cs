using Microsoft.Build.Framework;
using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>Reads a TfModel item as it stands; the tool understands it.</summary>
internal static class ItemReader
{
    private static readonly char[] Separators = [';', ','];

    public static ModelRequest Read(ITaskItem item, string rootNamespace, string? projectFolder) => new()
    {
        Source = item.ItemSpec,
        Path = WithoutTrailingSeparator(item.GetMetadata("FullPath")),
        RootNamespace = rootNamespace,
        ClassName = Text(item, ModelOption.ClassName),
        Namespace = Text(item, ModelOption.Namespace),
        Quantization = Text(item, ModelOption.Quantization),
        Arithmetic = Text(item, ModelOption.Arithmetic),
        SignatureKey = Text(item, ModelOption.SignatureKey),
        Tags = List(item, ModelOption.Tags),
        InputArrays = List(item, ModelOption.InputArrays),
        OutputArrays = List(item, ModelOption.OutputArrays),
        KeepFloat = List(item, ModelOption.KeepFloat),
        InputShapes = List(item, ModelOption.InputShapes, ';'),
        CustomOperators = Text(item, ModelOption.CustomOperators),
        Labels = FullPath(Text(item, ModelOption.Labels), projectFolder),
    };

    private static string FullPath(string path, string? folder) => path.Length == 0 ? path : Path.GetFullPath(Path.Combine(folder ?? "", path.Replace('\\', Path.DirectorySeparatorChar)));

    private static string Text(ITaskItem item, ModelOption option) => item.GetMetadata(option.Name).Trim();

    private static string[] List(ITaskItem item, ModelOption option) => List(item, option, Separators);

    private static string[] List(ITaskItem item, ModelOption option, params char[] separators) =>
        [.. item.GetMetadata(option.Name).Split(separators).Select(entry => entry.Trim()).Where(entry => entry.Length != 0)];

    private static string WithoutTrailingSeparator(string path)
    {
        string trimmed = path.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        return trimmed.Length == 0 ? path : trimmed;
    }
}
