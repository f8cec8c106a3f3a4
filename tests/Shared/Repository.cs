using System.Reflection;

namespace Quantize.Tests;

/// <summary>Where the checkout lies, and the corpora beside it that only developers have.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Path below the neighbouring <c>shared</c> folder; the calling test is skipped where that folder is missing.</summary>
    public static string Shared(params string[] parts)
    {
        string shared = Path.GetFullPath(Path.Combine(Root, "..", "shared"));
        Assert.SkipUnless(Directory.Exists(shared), "the corpora in ../shared are not on this machine");
        return Path.Combine([shared, .. parts]);
    }
}
