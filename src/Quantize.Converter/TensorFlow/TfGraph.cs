namespace Quantize.Converter.TensorFlow;

/// <summary>
/// TensorFlow's side of the house: nodes as the file wrote them, decoded from protobuf. Passes of this room settle what is particular to TensorFlow (functions,
/// variables, savers, switches) before the importer sees it.
/// </summary>
internal sealed class TfGraph
{
    /// <summary>Where the graph came from, for messages.</summary>
    public string File { get; init; } = "";

    /// <summary>In the file's order; an input may stand behind its consumer (loops).</summary>
    public List<TfNode> Nodes { get; } = [];

    /// <summary>Functions that remain calls: bodies of While, If, Case.</summary>
    public Dictionary<string, TfFunction> Functions { get; init; } = [];

    /// <summary>All that the outputs need, each node behind its inputs; the same graph gives the same order.</summary>
    /// <exception cref="ConversionException">Nodes form a cycle that no NextIteration closes.</exception>
    public List<TfNode> TopologicalOrder(IEnumerable<TfEdge> outputs) => new TopologicalSort(this).Sort(outputs.Select(edge => edge.Node));
}

/// <summary>
/// A function body: its arguments are nodes of op <c>_Arg</c>, its results are edges. What <see cref="SideEffects"/> names runs too, though no result needs it.
/// </summary>
internal sealed record TfFunction(string Name, TfGraph Body, IReadOnlyList<TfNode> Arguments, IReadOnlyList<TfEdge> Results)
{
    public IReadOnlyList<TfNode> SideEffects { get; init; } = [];
}

/// <summary>One output of a node.</summary>
internal readonly record struct TfEdge(TfNode Node, int Output)
{
    /// <summary>TensorFlow's way to write it: the node's name, with the output's number where it is not the first.</summary>
    public override string ToString() => Output == 0 ? Node.Name : $"{Node.Name}:{Output}";
}
