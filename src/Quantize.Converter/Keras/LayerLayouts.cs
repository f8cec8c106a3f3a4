using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras;

/// <summary>What weights a layer has, by its row; a model has those of its layers.</summary>
internal static class LayerLayouts
{
    public static WeightOwner OwnerOf(LayerDefinition layer) =>
        new(PythonName(layer.Object), layer.Name, Of(layer));

    /// <summary>The layout of a layer that another one holds.</summary>
    public static WeightLayout Of(KerasObject layer)
    {
        if (layer.IsModel)
            return Of(new LayerDefinition("", layer, new ModelParser().Parse(layer, ""), []));
        WeightLayout layout = KerasLayers.Table.GetValueOrDefault(layer.ClassName)?.Weights?.Invoke(layer) ?? WeightLayout.None;
        return layout with { IsFrozen = !IsTrained(layer), Within = [.. layout.Within, .. ActivationOf(layer)] };
    }

    /// <summary>An activation may be a layer with weights.</summary>
    private static IEnumerable<(string, WeightLayout)> ActivationOf(KerasObject layer)
    {
        KerasObject activation = KerasObject.Of(layer.Config.Of("activation"));
        return KerasLayers.Table.GetValueOrDefault(activation.ClassName)?.Weights is null ? [] : [("activation", Of(activation))];
    }

    public static string PythonName(KerasObject layer) => layer.IsFunctional ? "Functional" : KerasLayers.Table.GetValueOrDefault(layer.ClassName)?.PythonName ?? layer.ClassName;

    private static WeightLayout Of(LayerDefinition layer) => layer.Model is not { } model
        ? Of(layer.Object)
        : new WeightLayout(0, IsFrozen: !IsTrained(layer.Object)) { Within = [.. model.Layers.Select((member, i) => (FormattableString.Invariant($"layers/{i}"), Of(member)))] };

    private static bool IsTrained(KerasObject layer) => layer.Config.Of("trainable").ValueKind != System.Text.Json.JsonValueKind.False;
}
