using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>What to say of an operation that has no row: the attributes that matter, and what would help where that is known.</summary>
internal static class Advice
{
    private const string Table = "it looks words or numbers up in a table; do that before the model is called, and make what is found an input";

    private static readonly Dictionary<string, string> s_known = new()
    {
        ["Placeholder"] = "it is no input of the signature; name it among the inputs",
        ["PlaceholderV2"] = "it is no input of the signature; name it among the inputs",
        ["DecodeJpeg"] = "decode pictures before they reach the model; name the decoded tensor as the input",
        ["DecodePng"] = "decode pictures before they reach the model; name the decoded tensor as the input",
        ["DecodeImage"] = "decode pictures before they reach the model; name the decoded tensor as the input",
        ["ParseExample"] = "name the tensors behind the parsing as the inputs",
        ["ParseExampleV2"] = "name the tensors behind the parsing as the inputs",
        ["HashTable"] = Table,
        ["HashTableV2"] = Table,
        ["LookupTableFind"] = Table,
        ["LookupTableFindV2"] = Table,
        ["PyFunc"] = "it calls Python; write it with TensorFlow operations",
        ["PyFuncStateless"] = "it calls Python; write it with TensorFlow operations",
        ["EagerPyFunc"] = "it calls Python; write it with TensorFlow operations",
    };

    /// <summary>Names that a program gives to things of its own: they tell nothing of what is computed.</summary>
    private static readonly HashSet<string> s_names = ["container", "shared_name", "use_node_name_sharing", "token", "tensor_name", "stack_name", "tensor_array_name"];

    public static string For(TfNode node)
    {
        if (s_known.TryGetValue(node.Op, out string? advice))
            return advice;
        IEnumerable<string> attributes = node.Attributes
            .Where(attribute => !attribute.Key.StartsWith('_') && !s_names.Contains(attribute.Key))
            .OrderBy(attribute => attribute.Key, StringComparer.Ordinal)
            .Select(Text)
            .OfType<string>();
        string told = string.Join(", ", attributes);
        return $"{(told.Length == 0 ? "" : $"attributes {told}; ")}replace it in the model, or name inputs and outputs that leave it out";
    }

    private static string? Text(KeyValuePair<string, object> attribute) => attribute.Value switch
    {
        "" => null,
        string or bool or long or float or TfDataType => FormattableString.Invariant($"{attribute.Key}={attribute.Value}"),
        long[] numbers => $"{attribute.Key}=[{string.Join(',', numbers)}]",
        _ => null,
    };
}
