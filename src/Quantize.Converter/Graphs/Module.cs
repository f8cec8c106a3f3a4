namespace Quantize.Converter.Graphs;

/// <summary>A whole model: its functions, and the named ways into them. Function 0 is the one that runs when none is named.</summary>
internal sealed record Module(IReadOnlyList<Graph> Graphs, IReadOnlyList<EntryPoint> EntryPoints)
{
    public IEnumerable<Node> Nodes => Graphs.SelectMany(graph => graph.Nodes);
}

/// <summary>A signature: keys for the inputs and outputs of one graph, in its order.</summary>
internal sealed record EntryPoint(string Key, Graph Graph, IReadOnlyList<string> InputKeys, IReadOnlyList<string> OutputKeys);
