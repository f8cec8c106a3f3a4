using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Quantize.Tests;

namespace Quantize.Architecture.Tests;

/// <summary>The repository as files: projects, their assemblies, sources, and what git tracks.</summary>
internal static class SourceTree
{
    private static readonly string Configuration = typeof(SourceTree).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "Configuration").Value!;

    public static string Root => Repository.Root;

    /// <summary>Names of the projects below <c>src</c>.</summary>
    public static IEnumerable<string> Projects => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static XDocument Project(string name) => XDocument.Load(Path.Combine(Root, "src", name, $"{name}.csproj"));

    /// <summary>Assemblies that a project's own refers to, without those of the framework.</summary>
    public static IEnumerable<string> References(string project)
    {
        string framework = Project(project).Descendants("TargetFramework").Single().Value;
        string path = Path.Combine(Root, "src", project, "bin", Configuration, framework, $"{project}.dll");
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).Where(name => !IsFramework(name)).Order(StringComparer.Ordinal)];
    }

    /// <summary>C# sources below a folder of the repository, by their path from its root with forward slashes.</summary>
    public static IEnumerable<string> Sources(string folder) => TrackedFiles.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>What git tracks; the test is skipped where there is no git or no checkout.</summary>
    public static IReadOnlyList<string> TrackedFiles { get; } = ListTrackedFiles();

    private static bool IsFramework(string assembly) => File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), $"{assembly}.dll"));

    private static string[] ListTrackedFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]) { RedirectStandardOutput = true })!;
        string[] files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.True(git.ExitCode == 0 && files.Length > 0, "git does not list the repository's files");
        return [.. files.Where(path => File.Exists(Path.Combine(Root, path)))];
    }
}
