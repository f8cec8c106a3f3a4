using Quantize.Build;
using Quantize.Converter.Reports;

namespace Quantize.Converter;

/// <summary>A converted model.</summary>
public sealed record ConversionResult
{
    /// <summary>The bytes of the .tflite file; empty where only the signature was asked for.</summary>
    public required ReadOnlyMemory<byte> Model { get; init; }

    /// <summary>What was done; null where only the signature was asked for.</summary>
    public ConversionReport? Report { get; init; }

    /// <summary>What the generator needs; class, namespace and resource are the caller's to fill in.</summary>
    internal ModelSignature Signature { get; init; } = new();

    /// <summary>What the user should know, though the conversion succeeded.</summary>
    internal IReadOnlyList<ModelDiagnostic> Warnings { get; init; } = [];
}
