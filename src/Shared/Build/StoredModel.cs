namespace Quantize.Build;

/// <summary>Where a converted model lies; <see cref="TfLite"/> is null in a store of signatures alone.</summary>
internal sealed record StoredModel(string ClassName, string ResourceName, string? TfLite, string Signature);
