namespace Quantize.Converter.TensorFlow;

/// <summary>
/// TensorFlow's side of the house: nodes as the file wrote them, decoded from protobuf. Passes of this room settle what is particular to TensorFlow (functions,
/// variables, savers, switches) before the importer sees it.
/// </summary>
internal sealed class TfGraph
{
    /// <summary>In the file's order; an input may stand behind its consumer (loops).</summary>
    public List<TfNode> Nodes { get; } = [];

    /// <summary>Functions that remain calls: bodies of While, If, Case.</summary>
    public Dictionary<string, TfFunction> Functions { get; } = [];
}

/// <summary>A function body: its arguments are nodes of op <c>_Arg</c>, its results are edges.</summary>
internal sealed record TfFunction(string Name, TfGraph Body, IReadOnlyList<TfNode> Arguments, IReadOnlyList<TfEdge> Results);

/// <summary>One output of a node.</summary>
internal readonly record struct TfEdge(TfNode Node, int Output)
{
    /// <summary>TensorFlow's way to write it: the node's name, with the output's number where it is not the first.</summary>
    public override string ToString() => Output == 0 ? Node.Name : $"{Node.Name}:{Output}";
}
