namespace Quantize.Build;

/// <summary>What is remembered of a wish: the state of the files then seen, and the result they gave. <see cref="Format"/> and <see cref="Read"/> stand side by side.</summary>
internal sealed record ModelStamp(string FileState, string Result, string ClassName, string ResourceName)
{
    private const string Header = "quantize-stamp 1";

    public string Format() => string.Join("\n", Header, FileState, Result, ClassName, ResourceName) + "\n";

    /// <summary>Null where there is no stamp, or none of this version.</summary>
    public static ModelStamp? Read(string path)
    {
        string[] lines = StoreFile.Read(path).Split('\n');
        return lines is [Header, var fileState, var result, var className, var resourceName, ""] ? new(fileState, result, className, resourceName) : null;
    }
}
