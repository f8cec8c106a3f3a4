using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>What to say of an operation that has no row: the attributes that matter, and what would help where that is known.</summary>
internal static class Advice
{
    private static readonly Dictionary<string, string> s_known = new()
    {
        ["Placeholder"] = "it is no input of the signature; name it among the inputs",
        ["PlaceholderV2"] = "it is no input of the signature; name it among the inputs",
        ["DecodeJpeg"] = "decode pictures before they reach the model; name the decoded tensor as the input",
        ["DecodePng"] = "decode pictures before they reach the model; name the decoded tensor as the input",
        ["DecodeImage"] = "decode pictures before they reach the model; name the decoded tensor as the input",
        ["ParseExample"] = "name the tensors behind the parsing as the inputs",
        ["ParseExampleV2"] = "name the tensors behind the parsing as the inputs",
        ["PyFunc"] = "it calls Python; write it with TensorFlow operations",
        ["EagerPyFunc"] = "it calls Python; write it with TensorFlow operations",
    };

    public static string For(TfNode node)
    {
        if (s_known.TryGetValue(node.Op, out string? advice))
            return advice;
        string[] attributes =
        [
            .. node.Attributes.Where(attribute => !attribute.Key.StartsWith('_')).OrderBy(attribute => attribute.Key, StringComparer.Ordinal).Select(Text).OfType<string>(),
        ];
        string known = attributes.Length == 0 ? "no attributes" : $"attributes {string.Join(", ", attributes)}";
        return $"{known}; replace it in the model, or name inputs and outputs that leave it out";
    }

    private static string? Text(KeyValuePair<string, object> attribute) => attribute.Value switch
    {
        string or bool or long or float or TfDataType => FormattableString.Invariant($"{attribute.Key}={attribute.Value}"),
        long[] numbers => $"{attribute.Key}=[{string.Join(',', numbers)}]",
        _ => null,
    };
}
