using System.CommandLine;
using Quantize.Build;

namespace Quantize.Tool.Commands;

/// <summary>What was meant by an option that the command does not have: one that is written almost so, or that a TfModel item calls so.</summary>
internal static class OptionSuggestions
{
    public static void Print(ParseResult parsed, TextWriter error)
    {
        string[] known = [.. parsed.CommandResult.Command.Options.Select(option => option.Name)];
        foreach (string token in parsed.UnmatchedTokens.Where(token => token.StartsWith("--", StringComparison.Ordinal)))
        {
            if ((NearMiss.Of(token, known) ?? OfItem(token, known)) is { } meant)
                error.WriteLine($"Did you mean {meant} by {SafeText.Line(token)}?");
        }
    }

    private static string? OfItem(string token, string[] known)
    {
        string? metadata = NearMiss.Of(token, ModelOption.Metadata.Select(option => option.Name));
        string? meant = ModelOption.Metadata.FirstOrDefault(option => option.Name == metadata)?.Switch;
        return known.Contains(meant) ? meant : null;
    }
}
