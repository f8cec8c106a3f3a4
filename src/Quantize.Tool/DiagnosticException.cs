using Quantize.Build;

namespace Quantize.Tool;

/// <summary>Why a command cannot do what it is asked: every reason, and lines that help.</summary>
internal sealed class DiagnosticException(IReadOnlyList<ModelDiagnostic> diagnostics, IReadOnlyList<string> hints) : Exception(string.Join('\n', diagnostics))
{
    public DiagnosticException(DiagnosticEntry entry, string file, params string[] arguments)
        : this([new ModelDiagnostic(entry, file, arguments)], [])
    {
    }

    public IReadOnlyList<ModelDiagnostic> Diagnostics { get; } = diagnostics;

    public IReadOnlyList<string> Hints { get; } = hints;
}
