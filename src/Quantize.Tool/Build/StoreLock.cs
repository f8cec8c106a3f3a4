namespace Quantize.Tool.Build;

/// <summary>One process at a time changes a store: builds of several target frameworks, and of the editor, come together.</summary>
internal static class StoreLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Held until disposed; null where another process does not let go in <paramref name="patience"/>.</summary>
    public static FileStream? Take(string root, TimeSpan patience)
    {
        Directory.CreateDirectory(root);
        string path = Path.Combine(root, "lock");
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                Thread.Sleep(Pause);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
