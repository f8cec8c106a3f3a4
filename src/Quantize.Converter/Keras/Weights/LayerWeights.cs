using Quantize.Converter.Graphs;

namespace Quantize.Converter.Keras.Weights;

/// <summary>The weights of one layer, and of the layers within it by name.</summary>
internal abstract class LayerWeights
{
    /// <summary>The layer's own weight of that number, named for messages and in the file; null where there is none.</summary>
    public abstract Value? Own(int number, string name);

    public abstract LayerWeights Within(string name);

    /// <summary>The weights of each layer of a list, in its order.</summary>
    public abstract IReadOnlyList<LayerWeights> Members(string list, IReadOnlyList<WeightOwner> layers);
}
