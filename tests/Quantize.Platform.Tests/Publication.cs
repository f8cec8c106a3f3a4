using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Quantize.Tests;

namespace Quantize.Platform.Tests;

/// <summary>The probe, published into a temporary folder that takes all intermediate files too, so that no other build is disturbed.</summary>
internal sealed partial class Publication : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quantize-probe-");

    private Publication()
    {
    }

    public string Folder => Path.Combine(_folder.FullName, "out");

    public string Program => Path.Combine(Folder, "Quantize.Probe");

    public static Task<Publication> OfProbe(params string[] options) => Publish("Probe/Quantize.Probe.csproj", options);

    public static Task<Publication> OfBrowserProbe(params string[] options) => Publish("Browser/Quantize.Probe.Browser.csproj", options);

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<Publication> Publish(string project, string[] options)
    {
        var publication = new Publication();
        string path = Path.Combine(Repository.Root, "tests", "Quantize.Platform.Tests", project);
        Command command = Cli.Wrap("dotnet")
            .WithArguments(
            [
                "publish", path, "-c", "Release", "--artifacts-path", publication._folder.FullName, "-o", publication.Folder, "-nodeReuse:false", "-p:UseSharedCompilation=false",
                $"-p:ProbeGenerator={Path.Combine(AppContext.BaseDirectory, "Quantize.Generator.dll")}", .. options,
            ])
            .WithEnvironmentVariables(variables => variables.Set("MSBUILD_EXE_PATH", null).Set("MSBuildSDKsPath", null).Set("MSBuildExtensionsPath", null))
            .WithValidation(CommandResultValidation.None);
        BufferedCommandResult result = await command.ExecuteBufferedAsync();
        Assert.SkipWhen(NotServed().IsMatch(result.StandardOutput), "a platform's runtime package cannot be restored on this machine");
        Assert.True(result.ExitCode == 0, $"{command} failed:\n{result.StandardOutput}\n{result.StandardError}");
        Assert.DoesNotMatch(TrimWarning(), result.StandardOutput);
        return publication;
    }

    [GeneratedRegex("error NU1(101|102|301)")]
    private static partial Regex NotServed();

    /// <summary>What the trimmer or the native compiler cannot prove.</summary>
    [GeneratedRegex("IL[23]\\d{3}")]
    private static partial Regex TrimWarning();
}
