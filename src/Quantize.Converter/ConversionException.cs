using Quantize.Build;

namespace Quantize.Converter;

/// <summary>The model cannot be converted; every reason that was found stands in <see cref="Diagnostics"/>.</summary>
public sealed class ConversionException : Exception
{
    internal ConversionException(IReadOnlyList<ModelDiagnostic> diagnostics)
        : base(string.Join(Environment.NewLine, diagnostics)) => Diagnostics = diagnostics;

    internal IReadOnlyList<ModelDiagnostic> Diagnostics { get; }
}
