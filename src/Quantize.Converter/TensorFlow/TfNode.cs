using System.Diagnostics.CodeAnalysis;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// One node. Attribute values are <see cref="long"/>, <see cref="float"/>, <see cref="bool"/>, <see cref="string"/> (bytes as Latin-1), <see cref="TfDataType"/>,
/// <see cref="TfShape"/>, <see cref="TfTensor"/>, <see cref="TfFunctionReference"/>, or an array of one of these.
/// </summary>
internal sealed class TfNode(string name, string op, Dictionary<string, object> attributes)
{
    public TfNode(string name, string op)
        : this(name, op, [])
    {
    }

    public string Name { get; set; } = name;

    public string Op { get; set; } = op;

    public List<TfEdge> Inputs { get; } = [];

    public List<TfNode> ControlInputs { get; } = [];

    public Dictionary<string, object> Attributes { get; } = attributes;

    public bool TryAttribute<T>(string name, [NotNullWhen(true)] out T? value)
    {
        value = Attributes.TryGetValue(name, out object? found) && found is T typed ? typed : default;
        return value is not null && Attributes.ContainsKey(name);
    }

    /// <summary>The attribute, or <paramref name="absent"/> (the op's default) where the node does not have it.</summary>
    public T Attribute<T>(string name, T absent) =>
        Attributes.TryGetValue(name, out object? found) && found is T typed ? typed : absent;

    /// <summary>The same operation, not yet connected.</summary>
    public TfNode Copy(string name) => new(name, Op, new Dictionary<string, object>(Attributes, StringComparer.Ordinal));

    public override string ToString() => $"{Name} ({Op})";
}

/// <summary>A function named by an attribute, with the attributes it is called with.</summary>
internal sealed record TfFunctionReference(string Name, IReadOnlyDictionary<string, object> Attributes);

/// <summary>A shape attribute: null dimensions where even the rank is unknown, -1 for an unknown dimension.</summary>
internal sealed record TfShape(long[]? Dimensions)
{
    public static TfShape Unknown { get; } = new((long[]?)null);
}
