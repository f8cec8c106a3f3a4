using System.Text.RegularExpressions;

namespace Quantize.Package.Tests;

/// <summary>A build's end, and what its detailed log tells.</summary>
internal sealed record BuildResult(CommandResult Command, string Log, TimeSpan Time)
{
    public string Output => Command.Output;

    /// <summary>How often the converter's process was started.</summary>
    public int Processes => Regex.Count(Log, @"Quantize\.Tool\.dll""? build ");

    /// <summary>The classes whose models were converted.</summary>
    public IReadOnlyList<string> Converted =>
        [.. Regex.Matches(Log, @" -> (\w+) \([\d,]+ bytes, \d+ ms\)").Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    public BuildResult Succeeded()
    {
        Command.Succeeded();
        return this;
    }

    public BuildResult Failed()
    {
        Command.Failed();
        return this;
    }

    /// <summary>The one line of the output that tells an error with that id.</summary>
    public string Error(string id)
    {
        Failed();
        return Assert.Single(Output.Split('\n').Select(line => line.Trim()).Where(line => line.Contains($"error {id}:", StringComparison.Ordinal)).Distinct());
    }
}
