namespace Quantize.Converter.TensorFlow;

/// <summary>Within a function's body: the attribute has the value that the caller gives under this name.</summary>
internal sealed record TfAttributePlaceholder(string Name);
