using CliWrap;
using CliWrap.Buffered;

namespace Quantize.Tool.Tests;

/// <summary>The program as a process of its own.</summary>
internal static class ToolProcess
{
    public static async Task<BufferedCommandResult> Run(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        await Cli.Wrap(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
            .WithArguments([typeof(Program).Assembly.Location, .. arguments])
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
}
