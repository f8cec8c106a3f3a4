using System.Globalization;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;

namespace Quantize.Runtime.Tests;

/// <summary>The kernel tests again, in processes that may use less than this machine has: the same source compiles to other code there.</summary>
[Trait("Speed", "Slow")]
public sealed partial class OtherInstructionSetsTests
{
    private static readonly string[] Knobs = ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic", "QUANTIZE_ISA"];

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    [InlineData("QUANTIZE_ISA", "scalar")]
    public async Task Kernels_are_right_there_too(string knob, string value)
    {
        BufferedCommandResult result = await Cli.Wrap("dotnet")
            .WithArguments(["exec", typeof(OtherInstructionSetsTests).Assembly.Location, "--filter-namespace", "Quantize.Runtime.Tests.Kernels", "--no-ansi", "--progress", "off"])
            .WithEnvironmentVariables(variables => Array.ForEach(Knobs, name => variables.Set(name, name == knob ? value : null)))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.True(result.ExitCode == 0, $"with {knob}={value}:\n{result.StandardOutput}\n{result.StandardError}");
        int succeeded = int.Parse(Succeeded().Match(result.StandardOutput).Groups[1].Value, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper!.WriteLine($"{knob}={value}: {succeeded} passed");
        Assert.InRange(succeeded, 30, int.MaxValue);
    }

    [GeneratedRegex("succeeded: (\\d+)")]
    private static partial Regex Succeeded();
}
