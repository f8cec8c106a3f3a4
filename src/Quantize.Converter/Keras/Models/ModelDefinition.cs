using System.Text.Json;

namespace Quantize.Converter.Keras.Models;

/// <summary>A model: its layers in the file's order, and the tensors that go in and come out, with their keys.</summary>
internal sealed record ModelDefinition(
    string Name,
    KerasObject Object,
    IReadOnlyList<LayerDefinition> Layers,
    IReadOnlyList<ModelTensor> Inputs,
    IReadOnlyList<ModelTensor> Outputs)
{
    /// <summary>The layer by name; null where there is none.</summary>
    public LayerDefinition? Find(string name) => Layers.FirstOrDefault(layer => layer.Name == name);
}

/// <summary>An input or output of a model. The key is the dictionary's where the model has one, else the layer's name.</summary>
internal sealed record ModelTensor(string Key, TensorReference Tensor);
