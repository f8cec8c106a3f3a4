using System.Globalization;
using Microsoft.Build.Framework;
using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>A model that is up to date, and the item it came from.</summary>
internal sealed record ReadyModel(string Source, StoredModel Stored)
{
    /// <summary>For the log: the size in bytes of what will be embedded.</summary>
    public string SizeText => Stored.TfLite is null ? "signature" : new FileInfo(Stored.TfLite).Length.ToString("N0", CultureInfo.InvariantCulture) + " bytes";

    /// <summary>Null where the line lacks something.</summary>
    public static ReadyModel? From(BuildLine line) =>
        line is { Source: { } source, ClassName: { } className, ResourceName: { } resourceName, Signature: { } signature }
            ? new(source, new StoredModel(className, resourceName, line.TfLite, signature))
            : null;

    public ITaskItem AsModelItem() => WithMetadata(PathItem.Of(Stored.TfLite!), ("LogicalName", Stored.ResourceName), ("Signature", Stored.Signature));

    public ITaskItem AsSignatureItem() => WithMetadata(PathItem.Of(Stored.Signature));

    private ITaskItem WithMetadata(ITaskItem item, params (string Name, string Value)[] metadata)
    {
        foreach ((string name, string value) in metadata)
            item.SetMetadata(name, PathItem.Escape(value));
        item.SetMetadata("ClassName", Stored.ClassName);
        item.SetMetadata("SourceModel", PathItem.Escape(Source));
        return item;
    }
}
