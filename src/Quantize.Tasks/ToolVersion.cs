using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>Changes whenever one of our programs beside the tool does: with the package's version, and in this repository with every edit.</summary>
internal static class ToolVersion
{
    public static string Of(string converter)
    {
        string folder = Path.GetDirectoryName(converter)!;
        return Directory.Exists(folder)
            ? Digest.OfFields([.. Directory.GetFiles(folder, "Quantize.*.dll").OrderBy(path => path, StringComparer.Ordinal).Select(Digest.OfFile)])
            : "";
    }
}
