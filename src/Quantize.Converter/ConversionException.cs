using Quantize.Build;

namespace Quantize.Converter;

/// <summary>A model that cannot be converted: every problem found, each with its id, file and fact.</summary>
public sealed class ConversionException : Exception
{
    internal ConversionException(IReadOnlyList<ModelDiagnostic> diagnostics, Exception? cause = null)
        : base(string.Join(Environment.NewLine, diagnostics), cause) => Diagnostics = diagnostics;

    internal ConversionException(DiagnosticEntry entry, string file, params string[] arguments)
        : this([new ModelDiagnostic(entry, file, arguments)])
    {
    }

    internal IReadOnlyList<ModelDiagnostic> Diagnostics { get; }

    /// <summary>The file cannot be read because of that fact.</summary>
    internal static ConversionException Damaged(string file, string fact, Exception? cause = null) =>
        new([new ModelDiagnostic(DiagnosticTable.ModelDamaged, file, fact)], cause);
}
