using System.Text.Json;

namespace Quantize.Converter.Keras.Models;

/// <summary>One call of a layer: what it is given by position and by name.</summary>
internal sealed record CallNode(IReadOnlyList<Argument> Positional, IReadOnlyDictionary<string, Argument> Named)
{
    /// <summary>Stands in the place of a layer's name where an operation is given a constant.</summary>
    public const string ConstantMark = "_CONSTANT_VALUE";

    private static readonly Dictionary<string, Argument> s_none = [];

    public static CallNode On(TensorReference tensor) => new([Argument.To(tensor)], s_none);

    public IEnumerable<TensorReference> Tensors => Positional.Concat(Named.Values).SelectMany(argument => argument.Tensors);

    /// <summary>Keras 3 tells arguments apart; Keras 2 has the tensors of the first one, each with the named arguments behind it.</summary>
    public static CallNode Of(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("args", out JsonElement positional) && positional.ValueKind == JsonValueKind.Array)
        {
            Dictionary<string, Argument> named = json.TryGetProperty("kwargs", out JsonElement arguments) ? Arguments(arguments) : s_none;
            return new CallNode([.. positional.EnumerateArray().Select(Argument.Of)], named);
        }

        if (IsTensor(json))
            return new CallNode([Argument.Of(json)], NamedBehind(json));
        if (json.ValueKind == JsonValueKind.Array)
            return OfList(json);
        if (json.ValueKind != JsonValueKind.Object)
            throw new LayerException($"a call of it is described by {json.GetRawText()}");
        JsonProperty[] members = [.. json.EnumerateObject()];
        return new CallNode([Argument.Of(json)], members.Length > 0 ? NamedBehind(members[0].Value) : s_none);
    }

    private static CallNode OfList(JsonElement json)
    {
        JsonElement[] tensors = [.. json.EnumerateArray()];
        Argument[] members = [.. tensors.Select(Argument.Of)];
        return new CallNode([members is [Argument only] ? only : Argument.List(members)], tensors.Length > 0 ? NamedBehind(tensors[0]) : s_none);
    }

    private static bool IsTensor(JsonElement json) => json.ValueKind == JsonValueKind.Array && json.GetArrayLength() >= 3 && json[0].ValueKind == JsonValueKind.String;

    private static Dictionary<string, Argument> NamedBehind(JsonElement tensor) => IsTensor(tensor) && tensor.GetArrayLength() > 3 ? Arguments(tensor[3]) : s_none;

    private static Dictionary<string, Argument> Arguments(JsonElement json)
    {
        Dictionary<string, Argument> named = new(StringComparer.Ordinal);
        if (json.ValueKind != JsonValueKind.Object)
            return named;
        foreach (JsonProperty argument in json.EnumerateObject())
            named[argument.Name] = Argument.Of(argument.Value);
        return named;
    }
}
