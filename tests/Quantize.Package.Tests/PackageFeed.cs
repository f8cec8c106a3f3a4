using System.Globalization;
using System.Reflection;
using Quantize.Package.Tests;
using Quantize.Tests;

[assembly: AssemblyFixture(typeof(PackageFeed))]

namespace Quantize.Package.Tests;

/// <summary>
/// The packages, packed once per run from what is built, in a folder that is a NuGet feed. Their version is this run's own and their cache lies beside them: no
/// package of yesterday can take part, and none of today stays.
/// </summary>
public sealed class PackageFeed : IDisposable
{
    private static readonly string[] Projects = ["src/Quantize.Runtime", "src/Quantize.Tool", "nuget/Quantize.Build"];

    private readonly Lazy<Consumer> _template;
    private int _logs;

    public PackageFeed()
    {
        foreach (string project in Projects)
            Pack(project);
        WriteNuGetConfig();
        _template = new(() => new Consumer(this, "Template").Restore());
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("quantize-package-").FullName;

    public string Version { get; } = "0.1.0-test." + DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture);

    public string Feed => Path.Combine(Root, "feed");

    /// <summary>A restored project; others copy what the restore wrote.</summary>
    internal Consumer Template => _template.Value;

    /// <summary>Path of a log that no other build writes; it holds no letter that a command line would misread.</summary>
    public string NewLog() => Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"build{Interlocked.Increment(ref _logs)}.log"));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void Pack(string project)
    {
        string configuration = typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "Configuration").Value!;
        Command.Run(Command.Dotnet, Root,
            ["pack", Path.Combine(Repository.Root, project), "--no-build", "-c", configuration, "-o", Feed, "-p:PackageVersion=" + Version, "-nodeReuse:false"]).Succeeded();
    }

    /// <summary>Stands above all projects of the tests: our feed alone, and a cache of its own; what else is needed comes with the SDK.</summary>
    private void WriteNuGetConfig() => File.WriteAllText(Path.Combine(Root, "nuget.config"), $"""
        <configuration>
          <packageSources><clear /><add key="feed" value="{Feed}" /></packageSources>
          <config><add key="globalPackagesFolder" value="{Path.Combine(Root, "packages")}" /></config>
        </configuration>
        """);
}
