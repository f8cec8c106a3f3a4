using System.IO.Compression;
using System.Xml.Linq;

namespace Quantize.Package.Tests;

public sealed class PackageContentTests(PackageFeed feed)
{
    [Fact]
    public void The_build_package_holds_task_tool_generator_and_targets_and_nothing_that_flows()
    {
        using ZipArchive package = Open("Quantize.Build");
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        string[] expected =
        [
            "README.md",
            "build/Quantize.Build.props",
            "build/Quantize.Build.targets",
            "tasks/netstandard2.0/Quantize.Tasks.dll",
            "analyzers/dotnet/cs/Quantize.Generator.dll",
            "tools/net10.0/Quantize.Tool.dll",
            "tools/net10.0/Quantize.Tool.runtimeconfig.json",
            "tools/net10.0/Quantize.Converter.dll",
            "tools/net10.0/Quantize.Runtime.dll",
            "tools/net10.0/Google.Protobuf.dll",
        ];
        Assert.Empty(expected.Except(names));
        Assert.DoesNotContain(names, name => name.StartsWith("lib/", StringComparison.Ordinal) || name.StartsWith("buildTransitive/", StringComparison.Ordinal));
    }

    [Fact]
    public void The_build_package_depends_on_the_runtime_of_its_version()
    {
        using ZipArchive package = Open("Quantize.Build");
        using Stream stream = package.GetEntry("Quantize.Build.nuspec")!.Open();
        XElement dependency = Assert.Single(XDocument.Load(stream).Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Equal(("Quantize.Runtime", feed.Version), (dependency.Attribute("id")!.Value, dependency.Attribute("version")!.Value));
    }

    [Fact]
    public void The_runtime_package_holds_one_assembly_and_depends_on_nothing()
    {
        using ZipArchive package = Open("Quantize.Runtime");
        Assert.Equal(["lib/net10.0/Quantize.Runtime.dll"], package.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)));
        using Stream stream = package.GetEntry("Quantize.Runtime.nuspec")!.Open();
        Assert.DoesNotContain(XDocument.Load(stream).Descendants(), element => element.Name.LocalName == "dependency");
    }

    private ZipArchive Open(string id) => ZipFile.OpenRead(Path.Combine(feed.Feed, $"{id}.{feed.Version}.nupkg"));
}
