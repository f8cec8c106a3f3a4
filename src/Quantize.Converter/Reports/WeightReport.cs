namespace Quantize.Converter.Reports;

/// <summary>What became of one operator's float weights; <paramref name="StayedFloatBecause"/> is null where they were quantized.</summary>
public sealed record WeightReport(string Node, int Elements, string? StayedFloatBecause);
