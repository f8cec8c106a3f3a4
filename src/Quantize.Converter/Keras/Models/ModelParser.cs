using System.Text.Json;
using Quantize.Converter.Keras.Operations;

namespace Quantize.Converter.Keras.Models;

/// <summary>Sequential and functional models of both Kerases in one form. A sequential one is a chain of calls.</summary>
internal sealed class ModelParser
{
    /// <summary>Models within models within models.</summary>
    private const int DeepestNesting = 64;

    private int _depth;

    public ModelDefinition Parse(KerasObject model, string name)
    {
        if (++_depth > DeepestNesting)
            throw new LayerException($"its models are nested more than {DeepestNesting} times");
        ModelDefinition parsed = model.IsSequential ? Sequential(model, name) : Functional(model, name);
        _depth--;
        return parsed;
    }

    private ModelDefinition Sequential(KerasObject model, string name)
    {
        JsonElement list = model.Config.Json.ValueKind == JsonValueKind.Array ? model.Config.Json : model.Config.Of("layers");
        LayerDefinition[] layers = [.. Members(list).Select((json, i) => Layer(json, name, i))];
        List<LayerDefinition> chain = layers is [{ IsInput: true }, ..] ? [] : [InputOf(model, layers)];
        foreach (LayerDefinition layer in layers)
            chain.Add(layer with { Calls = chain.Count == 0 ? [] : [CallNode.On(new TensorReference(chain[^1].Name, 0, 0))] });
        if (chain.Select(layer => layer.Name).Distinct(StringComparer.Ordinal).Count() != chain.Count)
            throw new LayerException($"two layers of the model '{name}' have the same name");
        return new ModelDefinition(name, model, chain, [KeyOf(chain[0])], [KeyOf(chain[^1])]);

        static ModelTensor KeyOf(LayerDefinition layer) => new(layer.Name, new TensorReference(layer.Name, 0, 0));
    }

    /// <summary>Without an input layer, the shape is the first layer's, or what the model was built for.</summary>
    private static LayerDefinition InputOf(KerasObject model, LayerDefinition[] layers)
    {
        LayerDefinition? first = layers.Length == 0 ? null : layers[0];
        LayerDefinition? shaped = first?.Model is { } inner ? inner.Find(inner.Inputs[0].Tensor.Layer) : first;
        JsonElement declared = shaped is not null && LayerDefinition.DeclaredShape(shaped.Config) is { } shape
            ? JsonSerializer.SerializeToElement(shape.Select(length => length < 0 ? (int?)null : length))
            : model.Config.Of("build_input_shape");
        string type = first is not null && shaped is not null && shaped.Config.Has("batch_input_shape") ? DataTypes.NameOf(shaped.Config) : "float32";
        JsonElement input = JsonSerializer.SerializeToElement(new Dictionary<string, object?>
        {
            ["class_name"] = "InputLayer",
            ["config"] = new Dictionary<string, object?> { ["batch_shape"] = declared.ValueKind == JsonValueKind.Array ? declared : null, ["dtype"] = type },
        });
        return new LayerDefinition(first is null ? "input" : $"{first.Name}_input", KerasObject.Of(input), null, []);
    }

    private ModelDefinition Functional(KerasObject model, string name)
    {
        LayerDefinition[] layers = [.. Members(model.Config.Of("layers")).Select((json, i) => Layer(json, name, i))];
        ModelTensor[] inputs = Tensors(model.Config.Of("input_layers"), name), outputs = Tensors(model.Config.Of("output_layers"), name);
        if (inputs.Length == 0 || outputs.Length == 0)
            throw new LayerException($"the model '{name}' does not tell its {(inputs.Length == 0 ? "inputs" : "outputs")}");
        if (layers.Select(layer => layer.Name).Distinct(StringComparer.Ordinal).Count() != layers.Length)
            throw new LayerException($"two layers of the model '{name}' have the same name");
        return new ModelDefinition(name, model, layers, inputs, Unique(outputs));
    }

    private LayerDefinition Layer(JsonElement json, string model, int place)
    {
        KerasObject layer = KerasObject.Of(json);
        if (layer.ClassName.Length == 0)
            throw new LayerException($"layer {place} of the model '{model}' has no class");
        string name = Name(json) ?? Name(layer.Config.Json) ?? FormattableString.Invariant($"{layer.ClassName}_{place}");
        ModelDefinition? inner = layer.IsModel ? Parse(layer, name) : null;
        CallNode[] calls = [.. Members(new LayerConfig(json).Of("inbound_nodes")).Select(CallNode.Of)];
        return new LayerDefinition(name, IsUnmarkedOperation(layer, json, calls) ? layer with { Module = KerasObject.OperationModule } : layer, inner, calls);
    }

    /// <summary>
    /// The <c>.h5</c> format of Keras 3 does not tell functions from layers of the same name. Its calls have arguments, and a layer that merges has one, a list.
    /// </summary>
    private static bool IsUnmarkedOperation(KerasObject layer, JsonElement json, CallNode[] calls)
    {
        bool hasArguments = layer.Module.Length == 0 && Members(new LayerConfig(json).Of("inbound_nodes")).Any(node => new LayerConfig(node).Has("args"));
        return hasArguments && KerasOperations.Table.ContainsKey(layer.ClassName) && (!KerasLayers.Table.ContainsKey(layer.ClassName) || calls[0].Positional.Count > 1);
    }

    /// <summary><c>["x", 0, 0]</c>, a list of such, or a dictionary; of any depth.</summary>
    private ModelTensor[] Tensors(JsonElement json, string model)
    {
        if (TensorReference.Of(json) is { } only)
            return [new ModelTensor(only.Layer, only)];
        return json.ValueKind switch
        {
            JsonValueKind.Array => [.. json.EnumerateArray().SelectMany(member => Tensors(member, model))],
            JsonValueKind.Object => [.. json.EnumerateObject().SelectMany(member => Tensors(member.Value, model).Select(tensor => tensor with { Key = member.Name }))],
            JsonValueKind.Undefined => [],
            _ => throw new LayerException($"the inputs or outputs of the model '{model}' hold {json.GetRawText()}"),
        };
    }

    /// <summary>Outputs of one layer are told apart by a number, as Keras does it.</summary>
    private static ModelTensor[] Unique(ModelTensor[] tensors)
    {
        HashSet<string> taken = new(StringComparer.Ordinal);
        var unique = new ModelTensor[tensors.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            string key = tensors[i].Key;
            for (int number = 1; !taken.Add(key); number++)
                key = FormattableString.Invariant($"{tensors[i].Key}_{number}");
            unique[i] = tensors[i] with { Key = key };
        }

        return unique;
    }

    private static IEnumerable<JsonElement> Members(JsonElement list) => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string? Name(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
}
