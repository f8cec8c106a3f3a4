using Quantize.Build;

namespace Quantize.Tool.Build;

/// <summary>Changes a store, whose lock the caller holds. Files and results are written beside their place and moved there whole.</summary>
internal sealed class StoreWriter(ModelStore store)
{
    private const string Unfinished = "unfinished-";

    /// <summary>Removes what a process that was ended left behind.</summary>
    public void RemoveUnfinished()
    {
        foreach (string folder in Directory.EnumerateDirectories(store.Root, Unfinished + "*"))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Lets <paramref name="write"/> fill a new folder, which becomes the result unless it throws.</summary>
    public void WriteResult(string result, Action<string> write)
    {
        string unfinished = Path.Combine(store.Root, Unfinished + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(unfinished);
        try
        {
            write(unfinished);
            string place = Path.Combine(store.Root, result);
            if (Directory.Exists(place))
                Directory.Delete(place, recursive: true);
            Directory.Move(unfinished, place);
        }
        finally
        {
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
        }
    }

    public void WriteStamp(string key, ModelStamp stamp) => WriteText(store.StampPath(key), stamp.Format());

    /// <summary>Notes what <paramref name="user"/> uses, and removes stamps and results that nobody does.</summary>
    public void KeepUsed(string user, IEnumerable<string> keys)
    {
        WriteText(store.UsePath(user), ModelStore.FormatUses(keys));
        HashSet<string> used = [.. Directory.EnumerateFiles(store.UseFolder).SelectMany(File.ReadAllLines)];
        HashSet<string> results = [];
        Directory.CreateDirectory(store.StampFolder);
        foreach (string path in Directory.EnumerateFiles(store.StampFolder))
        {
            if (used.Contains(Path.GetFileName(path)) && ModelStamp.Read(path) is { } stamp)
                results.Add(stamp.Result);
            else
                File.Delete(path);
        }

        RemoveResultsBut(results);
    }

    private void RemoveResultsBut(HashSet<string> results)
    {
        foreach (string folder in Directory.EnumerateDirectories(store.Root))
        {
            string name = Path.GetFileName(folder);
            if (name.Length == Digest.Length && !results.Contains(name))
                RemoveUnlessRead(folder);
        }
    }

    private static void RemoveUnlessRead(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // On Windows an editor that reads a file holds it; a later build removes the rest.
        }
    }

    private static void WriteText(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = $"{path}.{Unfinished}{Environment.ProcessId}";
        File.WriteAllText(unfinished, text);
        File.Move(unfinished, path, overwrite: true);
    }
}
