namespace Quantize.Build;

/// <summary>
/// The folder of a project's converted models, read side: <c>stamps/KEY</c> tells for a wish which files it saw and which result they gave, <c>RESULT/</c> holds
/// the result, named by what went into it and never changed, <c>uses/USER</c> lists the wishes of one configuration. <c>design/</c> is a store of its own, of
/// signatures without models.
/// </summary>
internal sealed class ModelStore
{
    private readonly bool _signatureOnly;

    private ModelStore(string root, bool signatureOnly)
    {
        Root = root;
        _signatureOnly = signatureOnly;
    }

    public string Root { get; }

    public string StampFolder => Path.Combine(Root, "stamps");

    public string UseFolder => Path.Combine(Root, "uses");

    public static ModelStore Full(BuildRequest request) => new(request.Store, signatureOnly: false);

    public static ModelStore Design(BuildRequest request) => new(Path.Combine(request.Store, "design"), signatureOnly: true);

    public string StampPath(string key) => Path.Combine(StampFolder, key);

    public string UsePath(string user) => Path.Combine(UseFolder, Digest.OfFields(user));

    /// <summary>The result that the stamp tells of, if its files are there.</summary>
    public StoredModel? Result(ModelStamp stamp)
    {
        StoredModel stored = Place(stamp);
        bool complete = File.Exists(stored.Signature) && (stored.TfLite is null || File.Exists(stored.TfLite));
        return complete ? stored : null;
    }

    /// <summary>Where the stamp's result lies, or will lie.</summary>
    public StoredModel Place(ModelStamp stamp)
    {
        string file = Path.Combine(Root, stamp.Result, stamp.ClassName);
        return new StoredModel(stamp.ClassName, stamp.ResourceName, _signatureOnly ? null : file + ".tflite", file + ".signature");
    }

    /// <summary>The result for a wish whose files are as they were then; null where it must be made, or looked at.</summary>
    public StoredModel? Fresh(string key, string fileState)
    {
        ModelStamp? stamp = ModelStamp.Read(StampPath(key));
        return stamp is not null && stamp.FileState == fileState ? Result(stamp) : null;
    }

    /// <summary>The wishes of a configuration, as its last build without errors wrote them with <see cref="FormatUses"/>; empty where there was none.</summary>
    public string Uses(string user) => StoreFile.Read(UsePath(user));

    public static string FormatUses(IEnumerable<string> keys) => string.Concat(keys.Distinct().OrderBy(key => key, StringComparer.Ordinal).Select(key => key + "\n"));
}
