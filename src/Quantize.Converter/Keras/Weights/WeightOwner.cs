namespace Quantize.Converter.Keras.Weights;

/// <summary>A layer as its weights are filed: the name of its class in Python, the layer's own name, and what weights it has.</summary>
internal sealed record WeightOwner(string ClassName, string Name, WeightLayout Layout);
