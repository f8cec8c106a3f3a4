using CliWrap;
using CliWrap.Buffered;

namespace Quantize.Platform.Tests;

/// <summary>Programs of the machine; a test that needs a missing one is skipped, and says so.</summary>
internal static class Tool
{
    /// <summary>Path of the first of these programs that is installed.</summary>
    public static string Require(params string[] names)
    {
        string? found = names.Select(Find).FirstOrDefault(path => path is not null);
        Assert.SkipWhen(found is null, $"{string.Join(" or ", names)} is not installed; .ci/run installs it");
        return found!;
    }

    /// <summary>Runs a program to its end and returns what it printed; a failure shows all of it.</summary>
    public static async Task<string> Run(Command command)
    {
        BufferedCommandResult result = await command.WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.True(result.ExitCode == 0, $"{command} ended with {result.ExitCode}:\n{result.StandardOutput}\n{result.StandardError}");
        return result.StandardOutput;
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
