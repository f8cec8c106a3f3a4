namespace Quantize.Build;

/// <summary>Small text files of the store. Another process may remove one at any time.</summary>
internal static class StoreFile
{
    /// <summary>The file's text; empty where there is none.</summary>
    public static string Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
