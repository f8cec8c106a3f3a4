using Microsoft.Build.Framework;
using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>Finds metadata of TfModel items that are almost one of ours, or are what the command line calls it. Others are the user's own affair.</summary>
internal static class MetadataNames
{
    /// <summary>Each wrong name once for each file that gives it.</summary>
    public static IEnumerable<ModelDiagnostic> Misspelt(IEnumerable<ITaskItem> items) =>
        from item in items
        from name in item.CloneCustomMetadata().Keys.Cast<string>().OrderBy(name => name, StringComparer.Ordinal)
        let meant = Meant(name)
        where meant is not null
        group (item, meant) by (File: item.GetMetadata("DefiningProjectFullPath"), Name: name) into same
        let first = same.First()
        select new ModelDiagnostic(DiagnosticTable.UnknownMetadata, same.Key.File, first.item.ItemSpec, same.Key.Name, first.meant);

    private static string? Meant(string name)
    {
        if (ModelOption.Metadata.Any(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            return null;
        return ModelOption.Metadata.FirstOrDefault(option => IsSwitch(option, name))?.Name ?? NearMiss.Of(name, ModelOption.Metadata.Select(option => option.Name));
    }

    private static bool IsSwitch(ModelOption option, string name) => option.Switch.Replace("-", "").Equals(name, StringComparison.OrdinalIgnoreCase);
}
