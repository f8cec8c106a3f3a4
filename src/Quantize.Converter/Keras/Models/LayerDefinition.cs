using System.Text.Json;

namespace Quantize.Converter.Keras.Models;

/// <summary>A layer of a model: its class and configuration, the model it is where it is one, and its calls.</summary>
internal sealed record LayerDefinition(string Name, KerasObject Object, ModelDefinition? Model, IReadOnlyList<CallNode> Calls)
{
    public LayerConfig Config => Object.Config;

    public bool IsInput => Object.ClassName == "InputLayer";

    /// <summary>The lengths of an input, -1 for open ones; null where it does not say.</summary>
    public int[]? InputShape => DeclaredShape(Config);

    public static int[]? DeclaredShape(LayerConfig config)
    {
        string? name = new[] { "batch_shape", "batch_input_shape" }.FirstOrDefault(config.Has);
        if (name is not null && config.Of(name) is { ValueKind: JsonValueKind.Array } shape)
            return [.. shape.EnumerateArray().Select(length => Length(config, name, length))];
        return config.Of("input_shape") is { ValueKind: JsonValueKind.Array } inner
            ? [-1, .. inner.EnumerateArray().Select(length => Length(config, "input_shape", length))]
            : null;
    }

    /// <summary>The place among <see cref="Calls"/> that a reference means. A model was called once when it was made, and in some places that call is counted.</summary>
    public int CallOf(TensorReference tensor, bool isKeras3, bool isOutputOfModel)
    {
        bool isCounted = isKeras3 ? isOutputOfModel && Object.IsFunctional : Model is not null && (Object.IsFunctional || Model.Layers[0].IsInput);
        int call = tensor.Call - (isCounted ? 1 : 0);
        return Model is not null && Calls.Count == 1 ? 0 : call;
    }

    private static int Length(LayerConfig config, string name, JsonElement length) =>
        length.ValueKind == JsonValueKind.Null ? -1 : LayerConfig.Whole(length) is { } number and >= 0 ? number : throw config.Unusable(name, "a shape");
}
