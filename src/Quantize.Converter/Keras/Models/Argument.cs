using System.Text.Json;

namespace Quantize.Converter.Keras.Models;

/// <summary>An argument of a call: a tensor, a list or dictionary of arguments, or a constant of the file.</summary>
internal sealed record Argument
{
    public TensorReference? Tensor { get; private init; }

    /// <summary>The members of a list, or the values of a dictionary.</summary>
    public IReadOnlyList<Argument> Members { get; private init; } = [];

    public IReadOnlyList<string>? Keys { get; private init; }

    public JsonElement Constant { get; private init; }

    public bool IsAbsent => Tensor is null && Members.Count == 0 && Constant.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public IEnumerable<TensorReference> Tensors => Tensor is { } own ? [own] : Members.SelectMany(member => member.Tensors);

    public static Argument To(TensorReference tensor) => new() { Tensor = tensor };

    public static Argument List(IReadOnlyList<Argument> members) => new() { Members = members };

    public static Argument Of(JsonElement json)
    {
        if (TensorReference.Of(json) is { } tensor)
            return To(tensor);
        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() is 3 or 4 && json[0].ValueKind == JsonValueKind.String && json[0].GetString() == CallNode.ConstantMark)
            return new Argument { Constant = json[2] };
        if (json.ValueKind == JsonValueKind.Array)
            return new Argument { Members = [.. json.EnumerateArray().Select(Of)], Constant = json };
        if (json.ValueKind != JsonValueKind.Object || json.TryGetProperty("class_name", out _))
            return new Argument { Constant = json };
        JsonProperty[] members = [.. json.EnumerateObject()];
        return new Argument { Members = [.. members.Select(member => Of(member.Value))], Keys = [.. members.Select(member => member.Name)], Constant = json };
    }
}
