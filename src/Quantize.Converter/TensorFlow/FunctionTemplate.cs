namespace Quantize.Converter.TensorFlow;

/// <summary>Where an input within a function comes from: output <see cref="Output"/> of node <see cref="Node"/>, or argument number <see cref="Argument"/>.</summary>
internal readonly record struct TemplateSource(int Node, int Output)
{
    public bool IsArgument => Node < 0;

    public int Argument => Output;

    public static TemplateSource OfArgument(int number) => new(-1, number);
}

/// <summary>One node of a function's body.</summary>
internal sealed record TemplateNode(
    string Name,
    string Op,
    IReadOnlyDictionary<string, object> Attributes,
    IReadOnlyList<TemplateSource> Inputs,
    IReadOnlyList<int> Controls);

/// <summary>A function as the library holds it, connected by numbers, ready to be instantiated any number of times.</summary>
internal sealed record FunctionTemplate(
    string Name,
    IReadOnlyList<FunctionArgument> Arguments,
    IReadOnlyList<TemplateNode> Nodes,
    IReadOnlyList<FunctionArgument> ResultTypes,
    IReadOnlyList<TemplateSource> Results,
    IReadOnlyList<int> SideEffects,
    IReadOnlyDictionary<string, object> Defaults)
{
    /// <summary>An attribute's value for a call: what the call says where the body asks for it.</summary>
    public object? Resolve(object value, IReadOnlyDictionary<string, object> given) => value switch
    {
        TfAttributePlaceholder placeholder => given.GetValueOrDefault(placeholder.Name) ?? Defaults.GetValueOrDefault(placeholder.Name),
        TfFunctionReference reference => reference with
        {
            Attributes = reference.Attributes
                .Select(pair => (pair.Key, Value: Resolve(pair.Value, given)))
                .Where(pair => pair.Value is not null)
                .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal),
        },
        _ => value,
    };
}

/// <summary>An argument or a result: its name, and its type or the attribute that holds it.</summary>
internal sealed record FunctionArgument(string Name, TfDataType Type, string TypeAttribute)
{
    public TfDataType TypeFor(IReadOnlyDictionary<string, object> given) =>
        given.GetValueOrDefault(TypeAttribute) is TfDataType type ? type : Type;
}
