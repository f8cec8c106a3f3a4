namespace Quantize.Build;

internal enum DiagnosticLevel
{
    Warning,
    Error,
}

/// <summary>
/// One thing we may have to say: the sentence names the fact and what to do; {0}, {1}, ... are filled in, {Name} is the <see cref="ModelOption"/> of that
/// name and {option} the diagnostic's own.
/// </summary>
internal sealed record DiagnosticEntry(string Id, DiagnosticLevel Level, string Sentence)
{
    public string HelpLink => $"https://github.com/quantize-build/quantize-build/blob/main/docs/diagnostics/{Id}.md";
}
