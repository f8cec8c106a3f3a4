namespace Quantize.Converter.Reports;

/// <summary>What a conversion did: the weights of each operator, and the sizes with float weights and as written, in bytes.</summary>
public sealed record ConversionReport(IReadOnlyList<WeightReport> Weights, long FloatBytes, long ModelBytes);
