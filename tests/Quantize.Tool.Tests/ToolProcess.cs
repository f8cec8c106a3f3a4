using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

namespace Quantize.Tool.Tests;

/// <summary>The program as a process of its own.</summary>
internal static class ToolProcess
{
    private const string HighWaterMark = "VmHWM:";

    public static async Task<BufferedCommandResult> Run(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        await Of(arguments).WithEnvironmentVariables(environment).ExecuteBufferedAsync(TestContext.Current.CancellationToken);

    /// <summary>The exit code, and the most resident memory that the process had, in bytes. On Linux only: the mark is read until the process is gone.</summary>
    public static async Task<(int ExitCode, long Bytes)> Peak(params string[] arguments)
    {
        CommandTask<CommandResult> run = Of(arguments).ExecuteAsync(TestContext.Current.CancellationToken);
        long peak = 0;
        while (!run.Task.IsCompleted)
        {
            peak = Math.Max(peak, ResidentPeak(run.ProcessId));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        return ((await run).ExitCode, peak);
    }

    private static Command Of(string[] arguments) =>
        Cli.Wrap(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
            .WithArguments([typeof(Program).Assembly.Location, .. arguments])
            .WithValidation(CommandResultValidation.None);

    private static long ResidentPeak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(HighWaterMark, StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line[HighWaterMark.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process has just ended.
            return 0;
        }
    }
}
