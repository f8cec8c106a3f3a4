using System.Text.Json;

namespace Quantize.Converter.Keras.Models;

/// <summary>One output of one call of a layer.</summary>
internal readonly record struct TensorReference(string Layer, int Call, int Output)
{
    /// <summary><c>["name", call, output]</c> or, in Keras 3, an object with such a history; anything else is none.</summary>
    public static TensorReference? Of(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object)
            return OfObject(json);
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is not (3 or 4) || json[0].ValueKind != JsonValueKind.String)
            return null;
        return LayerConfig.Whole(json[1]) is { } call && LayerConfig.Whole(json[2]) is { } output && call >= 0 && output >= 0
            ? new TensorReference(json[0].GetString()!, call, output)
            : null;
    }

    private static TensorReference? OfObject(JsonElement json)
    {
        bool isTensor = json.TryGetProperty("class_name", out JsonElement name) && name.ValueKind == JsonValueKind.String && name.GetString() == "__keras_tensor__";
        return isTensor && new LayerConfig(json).Of("config") is { ValueKind: JsonValueKind.Object } config && config.TryGetProperty("keras_history", out JsonElement history)
            ? Of(history)
            : null;
    }
}
