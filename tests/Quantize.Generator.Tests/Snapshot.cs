using Quantize.Tests;

namespace Quantize.Generator.Tests;

/// <summary>Compares text with a file under Snapshots; what differs is written beside it as .received, to be looked at and renamed.</summary>
internal static class Snapshot
{
    public static void Match(string name, string text)
    {
        string path = Path.Combine(Repository.Root, "tests", "Quantize.Generator.Tests", "Snapshots", name + ".txt");
        string received = Path.ChangeExtension(path, ".received");
        string expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (expected == text)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(received, text);
        Assert.Fail($"the text differs from {path}; the new one is {received}\n{text}");
    }
}
