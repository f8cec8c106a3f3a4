using Quantize.Build;
using Quantize.Converter;

namespace Quantize.Tool.Build;

/// <summary>A conversion: throws <see cref="ConversionException"/> with everything that is wrong with the model.</summary>
internal delegate ConvertedModel ModelConversion(ConversionRequest request);

/// <summary>What a conversion gives: the model's bytes (none where only the signature was asked for), its signature without class and source, and warnings.</summary>
internal sealed record ConvertedModel(ReadOnlyMemory<byte> Model, ModelSignature Signature, IReadOnlyList<ModelDiagnostic> Warnings);
