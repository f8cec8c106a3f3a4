using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras;

/// <summary>A layer, or a whole model, that another layer holds.</summary>
internal static class InnerLayer
{
    public static Value[] Call(LayerContext outer, KerasObject layer, string name, LayerWeights weights, params Value[] inputs)
    {
        if (!layer.IsModel)
            return [.. LayerCall.Import(outer.Within(layer, name, weights, inputs)).Select(tensor => tensor.Value)];
        ModelDefinition model = new ModelParser().Parse(layer, name);
        IReadOnlyList<LayerWeights> members = weights.Members("layers", [.. model.Layers.Select(LayerLayouts.OwnerOf)]);
        KerasTensor?[] results = new ModelCall(model, $"{outer.Name}/{name}", members, outer.Scope).Run([.. inputs.Select(input => new KerasTensor(input, input.Type))]);
        return results.Contains(null) ? throw new LayerException($"the model '{model.Name}' within it could not be imported") : [.. results.Select(tensor => tensor!.Value)];
    }
}
