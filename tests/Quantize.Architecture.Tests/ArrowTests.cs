using System.Xml.Linq;

namespace Quantize.Architecture.Tests;

/// <summary>Which assembly may know which: the arrows of src/README.md.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Quantize.Runtime"] = [],
        ["Quantize.Converter"] = ["Google.FlatBuffers", "Google.Protobuf", "PureHDF", "Quantize.Runtime", "Snappier"],
        ["Quantize.Generator"] = ["Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp"],
        ["Quantize.Tasks"] = ["Microsoft.Build.Framework", "Microsoft.Build.Utilities.Core"],
        ["Quantize.Tool"] = ["Quantize.Converter", "Quantize.Runtime", "Spectre.Console", "Spectre.Console.Ansi", "System.CommandLine"],
    };

    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_refers_only_to_what_it_may_know(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} is not in the table of arrows");
        Assert.Empty(SourceTree.References(project).Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_asks_for_packages_without_versions_of_its_own(string project) =>
        Assert.All(SourceTree.Project(project).Descendants("PackageReference"), reference => Assert.Null(reference.Attribute("Version")));

    [Fact]
    public void The_runtime_depends_on_no_package()
    {
        XDocument project = SourceTree.Project("Quantize.Runtime");
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.All(project.Descendants("PackageReference"), reference => Assert.Equal("all", (string?)reference.Attribute("PrivateAssets")));
    }

    [Fact]
    public void The_converter_and_the_generator_know_no_build_engine_and_no_console()
    {
        foreach (string project in (string[])["Quantize.Converter", "Quantize.Generator", "Quantize.Runtime"])
        {
            Assert.DoesNotContain(SourceTree.References(project), name => name.StartsWith("Microsoft.Build", StringComparison.Ordinal) || name.StartsWith("Spectre", StringComparison.Ordinal));
            Assert.DoesNotContain(SourceTree.Sources($"src/{project}"), path => SourceTree.Text(path).Contains("Console.Write", StringComparison.Ordinal));
        }
    }
}
