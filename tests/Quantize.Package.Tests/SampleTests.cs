using System.Reflection;
using Quantize.Tests;

namespace Quantize.Package.Tests;

/// <summary>The repository's sample as its readers would write it: the same files, with the package instead of the repository's parts.</summary>
public sealed class SampleTests(PackageFeed feed)
{
    private static string PackageFolder => typeof(SampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "PackageFolder").Value!;

    [Fact]
    public void The_sample_builds_with_the_package()
    {
        string folder = Path.Combine(feed.Root, "SampleOfPackage");
        Copy(Path.Combine(Repository.Root, "samples", "Mnist"), folder);
        File.Copy(Path.Combine(Repository.Root, "build", "Directory.Packages.props"), Path.Combine(folder, "Pinned.props"));
        Write(folder, "Directory.Packages.props", $"""<Import Project="Pinned.props" /><ItemGroup><PackageVersion Include="Quantize.Build" Version="{feed.Version}" /></ItemGroup>""");
        Write(folder, "Directory.Build.props", "<PropertyGroup><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>");
        Write(folder, "Directory.Build.targets", """<ItemGroup><PackageReference Include="Quantize.Build" /></ItemGroup>""");

        // What else the sample needs is in this machine's cache, because the tests' own projects need it too.
        string[] arguments = ["build", "-m:1", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RestoreFallbackFolders=" + PackageFolder];
        CommandResult build = Command.Run(Command.Dotnet, folder, arguments).Succeeded();
        Assert.Contains(" -> MnistModel (3,2", build.Output, StringComparison.Ordinal);
        Assert.Contains(" -> FloatMnistModel (13,1", build.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "bin", "Debug", "net10.0", "Mnist.dll")));
    }

    private static void Write(string folder, string name, string content) => File.WriteAllText(Path.Combine(folder, name), $"<Project>{content}</Project>");

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
