using System.CommandLine;
using Quantize.Build;

namespace Quantize.Tool.Commands;

/// <summary>What was meant by a verb or an option that is not there: one that is written almost so, or the option that a TfModel item calls so.</summary>
internal static class Suggestions
{
    public static void Print(ParseResult parsed, TextWriter error)
    {
        Command command = parsed.CommandResult.Command;
        string[] options = [.. command.Options.Select(option => option.Name)], verbs = [.. command.Subcommands.Select(verb => verb.Name)];
        foreach (string token in parsed.UnmatchedTokens)
        {
            bool isOption = token.StartsWith("--", StringComparison.Ordinal);
            if ((isOption ? NearMiss.Of(token, options) ?? OfItem(token, options) : NearMiss.Of(token, verbs)) is { } meant)
                error.WriteLine($"Did you mean {meant} by {SafeText.Line(token)}?");
        }
    }

    private static string? OfItem(string token, string[] options)
    {
        string? metadata = NearMiss.Of(token, ModelOption.Metadata.Select(option => option.Name));
        string? meant = ModelOption.Metadata.FirstOrDefault(option => option.Name == metadata)?.Switch;
        return options.Contains(meant) ? meant : null;
    }
}
