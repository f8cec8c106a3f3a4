using System.Text.Json.Nodes;
using PureHDF;
using PureHDF.VOL.Native;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Tests;

/// <summary>
/// The same network in another file: a functional model of Keras 2 in HDF5 becomes a .keras file as Keras 3 writes it. Calls have arguments by position, inputs a
/// <c>batch_shape</c>, and weights stand in a tree by class and number instead of lists by layer.
/// </summary>
internal static class Keras3Archive
{
    private const string Version = "3.15.1";

    public static void Write(string path, string hdf5)
    {
        using NativeFile file = H5File.OpenRead(hdf5);
        JsonNode model = JsonNode.Parse(file.Attribute("model_config").Read<string>())!;
        JsonNode config = model["config"]!;
        var weights = new List<(string Place, int[] Shape, Array Elements)>();
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (JsonNode layer in config["layers"]!.AsArray().OfType<JsonNode>())
        {
            weights.AddRange(WeightsOf(file, layer, counts));
            Rewrite(layer);
        }

        model["module"] = "keras.src.models.functional";
        KerasZip.Write(path, Version, model.ToJsonString(), weights);
    }

    private static IEnumerable<(string Place, int[] Shape, Array Elements)> WeightsOf(NativeFile file, JsonNode layer, Dictionary<string, int> counts)
    {
        string folder = TreeWeights.SnakeCase((string)layer["class_name"]!), name = (string)layer["config"]!["name"]!;
        int number = counts[folder] = counts.GetValueOrDefault(folder, -1) + 1;
        string place = number == 0 ? folder : FormattableString.Invariant($"{folder}_{number}");
        IH5Attribute list = file.Group($"model_weights/{name}").Attribute("weight_names");
        string[] names = list.Space.Dimensions[0] == 0 ? [] : list.Read<string[]>();
        for (int i = 0; i < names.Length; i++)
        {
            IH5Dataset weight = file.Dataset($"model_weights/{name}/{names[i]}");
            yield return (FormattableString.Invariant($"layers/{place}/vars/{i}"), [.. weight.Space.Dimensions.Select(length => (int)length)], weight.Read<float[]>());
        }
    }

    private static void Rewrite(JsonNode layer)
    {
        JsonObject config = layer["config"]!.AsObject();
        layer["module"] = "keras.layers";
        layer["registered_name"] = null;
        if (config.Remove("batch_input_shape", out JsonNode? shape))
            config["batch_shape"] = shape;
        layer["inbound_nodes"] = new JsonArray([.. layer["inbound_nodes"]!.AsArray().Select(call => Call(call!.AsArray()))]);
    }

    /// <summary>Several tensors are one argument, a list.</summary>
    private static JsonObject Call(JsonArray tensors)
    {
        JsonNode[] histories = [.. tensors.Select(tensor => Tensor(tensor!.AsArray()))];
        return new JsonObject { ["args"] = new JsonArray(histories is [JsonNode only] ? only : new JsonArray(histories)), ["kwargs"] = new JsonObject() };
    }

    private static JsonObject Tensor(JsonArray tensor) => new()
    {
        ["class_name"] = "__keras_tensor__",
        ["config"] = new JsonObject
        {
            ["shape"] = null,
            ["dtype"] = "float32",
            ["keras_history"] = new JsonArray(tensor[0]!.DeepClone(), tensor[1]!.DeepClone(), tensor[2]!.DeepClone()),
        },
    };
}
