using System.Text;

namespace Quantize.Package.Tests;

public sealed class BrokenModelTests(PackageFeed feed)
{
    private const string LfsPointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 13104201\n";

    /// <summary>All of them in one build, with a good one: every fact is told at once, and nothing of the broken ones is left.</summary>
    [Fact]
    public void Each_broken_model_is_an_error_with_its_id_file_and_fact()
    {
        var consumer = Consumer.Restored(feed, "BrokenModels");
        byte[] good = FrozenGraph.Write();
        consumer.Write("models/good.pb", good);
        consumer.Write("models/corrupt.pb", Corrupt(good));
        consumer.Write("models/truncated.pb", good[..(good.Length / 2)]);
        consumer.Write("models/empty.pb", []);
        consumer.Write("models/pointer.pb", Encoding.ASCII.GetBytes(LfsPointer));
        consumer.Write("models/folder/readme.txt", "no model");
        consumer.SetItems("models/good.pb", "models/corrupt.pb", "models/truncated.pb", "models/missing.pb", "models/empty.pb", "models/pointer.pb", "models/folder");

        BuildResult build = consumer.Build().Failed();
        string[] errors = [.. build.Output.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct()];
        Assert.All(errors, error => Assert.Matches(@"^.+models/[a-z.]+ : error QNT1\d{3}: .{20,} \[.+\]$", error));
        foreach (string model in (string[])["corrupt.pb", "truncated.pb", "missing.pb", "empty.pb", "pointer.pb", "folder"])
            Assert.Single(errors, error => error.StartsWith(consumer.PathOf("models/" + model) + " : error", StringComparison.Ordinal));
        Assert.Single(errors, error => error.Contains("missing.pb : error QNT1001", StringComparison.Ordinal));
        Assert.Single(errors, error => error.Contains("pointer.pb : error QNT1003", StringComparison.Ordinal));
        Assert.Equal(["GoodModel"], build.Converted);
        Assert.Equal(["GoodModel.signature", "GoodModel.tflite"], consumer.StoredFiles());
        Assert.False(File.Exists(consumer.PathOf("bin/Debug/net10.0/App.dll")));
    }

    private static byte[] Corrupt(byte[] model)
    {
        byte[] corrupt = [.. model];
        for (int i = corrupt.Length / 4; i < corrupt.Length; i += 3)
            corrupt[i] ^= 0x5A;
        return corrupt;
    }
}
