using System.Runtime.InteropServices;
using CliWrap;

namespace Quantize.Platform.Tests;

/// <summary>An application that is trimmed, or packed into one file, loses nothing it needs.</summary>
public sealed class TrimmedTests
{
    [Fact]
    public async Task A_trimmed_application_gives_the_same_results()
    {
        using Publication probe = await Publication.OfProbe("-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-p:PublishTrimmed=true");
        Report.Parse(await Tool.Run(Cli.Wrap(probe.Program).WithArguments("--no-speed"))).AssertEqualsReference([.. Report.Reference.Rows]);
    }

    [Fact]
    public async Task A_single_file_application_gives_the_same_results()
    {
        using Publication probe = await Publication.OfProbe("-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-p:PublishSingleFile=true");
        Assert.DoesNotContain(Directory.EnumerateFiles(probe.Folder), file => file.EndsWith(".dll", StringComparison.Ordinal));
        Report.Parse(await Tool.Run(Cli.Wrap(probe.Program).WithArguments("--no-speed"))).AssertEqualsReference([.. Report.Reference.Rows]);
    }
}
