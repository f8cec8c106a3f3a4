namespace Quantize.Converter.Graphs;

/// <summary>A whole model: its functions, and the named ways into them. Function 0 is the one that runs when none is named.</summary>
/// <param name="Roots">The functions that are there whoever runs them.</param>
/// <param name="EntryPoints">The signatures.</param>
internal sealed record Module(IReadOnlyList<Graph> Roots, IReadOnlyList<EntryPoint> EntryPoints)
{
    /// <summary>The roots, then what they run, each behind the first graph that runs it.</summary>
    public IReadOnlyList<Graph> Graphs
    {
        get
        {
            List<Graph> graphs = [.. Roots];
            HashSet<Graph> known = [.. Roots];
            for (int i = 0; i < graphs.Count; i++)
                graphs.AddRange(graphs[i].Nodes.SelectMany(node => node.Callees).Where(known.Add));
            return graphs;
        }
    }

    /// <summary>What its file carried beside the graphs.</summary>
    public KeptBytes Kept { get; init; } = KeptBytes.None;

    public IEnumerable<Node> Nodes => Graphs.SelectMany(graph => graph.Nodes);
}

/// <summary>A signature: keys for the inputs and outputs of one graph, in its order.</summary>
internal sealed record EntryPoint(string Key, Graph Graph, IReadOnlyList<string> InputKeys, IReadOnlyList<string> OutputKeys)
{
    /// <summary>The inputs in the order that a file states, where that need not be the graph's; null: the graph's.</summary>
    public IReadOnlyList<(string Key, Value Value)>? StatedInputs { get; init; }

    /// <summary>The outputs in the order that a file states.</summary>
    public IReadOnlyList<(string Key, Value Value)>? StatedOutputs { get; init; }

    public IReadOnlyList<(string Key, Value Value)> Inputs => StatedInputs ?? [.. InputKeys.Zip(Graph.Inputs)];

    public IReadOnlyList<(string Key, Value Value)> Outputs => StatedOutputs ?? [.. OutputKeys.Zip(Graph.Outputs)];
}
