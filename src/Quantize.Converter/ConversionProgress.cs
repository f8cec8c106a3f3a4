namespace Quantize.Converter;

/// <summary>How far a conversion is: the stage that begins, and the fraction that lies behind it, 0 to 1.</summary>
public sealed record ConversionProgress(string Stage, double Fraction);
