using System.Text.RegularExpressions;

namespace Quantize.Architecture.Tests;

/// <summary>What a clone brings: not too much, and nothing of the machine it was made on.</summary>
public sealed partial class RepositoryTests
{
    private const long Megabyte = 1_000_000;

    [Fact]
    public void A_checkout_is_smaller_than_60_megabytes()
    {
        long bytes = SourceTree.TrackedFiles.Sum(path => new FileInfo(Path.Combine(SourceTree.Root, path)).Length);
        Assert.InRange(bytes, 1, 60 * Megabyte);
    }

    [Fact]
    public void No_file_names_a_package_registry_or_a_path_of_some_machine()
    {
        List<string> found = [];
        foreach (string path in SourceTree.TrackedFiles.Where(IsText))
        {
            string text = SourceTree.Text(path);
            found.AddRange(Registry().Matches(text).Concat(MachinePath().Matches(text)).Select(match => $"{path}: {match.Value}"));
        }

        Assert.Empty(found);
    }

    [Fact]
    public void Build_products_are_not_tracked() =>
        Assert.DoesNotContain(SourceTree.TrackedFiles, path => path.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "TestResults"));

    [Fact]
    public void The_advice_on_instruction_sets_for_NativeAOT_is_the_same_wherever_it_is_given()
    {
        string[] places = ["nuget/Quantize.Build/build/Quantize.Build.targets", "docs/build-item.md", "docs/platforms.md"];
        Assert.All(places, path => Assert.Equal("x86-64-v3", InstructionSet().Match(SourceTree.Text(path)).Groups[1].Value));
    }

    private static bool IsText(string path)
    {
        using FileStream file = File.OpenRead(Path.Combine(SourceTree.Root, path));
        Span<byte> start = new byte[4096];
        return !start[..file.Read(start)].Contains((byte)0);
    }

    /// <summary>A feed, or the address a lock file resolved a package to.</summary>
    [GeneratedRegex("""https?://[^\s"'<>)]*(registry|/v3/index\.json|/nuget/|nexus|artifactory|-proxy)[^\s"'<>)]*|"resolved": *"https?:[^"]*""")]
    private static partial Regex Registry();

    [GeneratedRegex("(?:<|&lt;)IlcInstructionSet(?:>|&gt;)([^<&]+)")]
    private static partial Regex InstructionSet();

    /// <summary>A folder of someone's account or of a build machine.</summary>
    [GeneratedRegex("""(?<![\w.$}/-])/(work|root|home|Users)/[\w.-]+|[A-Za-z]:\\Users\\""")]
    private static partial Regex MachinePath();
}
