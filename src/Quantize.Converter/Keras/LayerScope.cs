using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras;

/// <summary>What all layers of a conversion share: the graph they add to, whose rules hold, what could not be imported, and the graphs that loops run.</summary>
internal sealed record LayerScope(Graph Graph, bool IsKeras3, LayerProblems Problems)
{
    /// <summary>The graph of the model stands before these.</summary>
    public List<Graph> Subgraphs { get; private init; } = [];

    /// <summary>The same conversion within the graph of a loop.</summary>
    public LayerScope In(Graph graph) => this with { Graph = graph, Subgraphs = Subgraphs };

    /// <summary>Adds a graph that an operator runs; its number in the file.</summary>
    public int Add(Graph graph)
    {
        Subgraphs.Add(graph);
        return Subgraphs.Count;
    }

    /// <summary>Adds a builtin whose outputs are what the caller declares.</summary>
    public Value[] Add(string name, BuiltinOperator code, OperatorOptions options, Value[] inputs, params Value[] outputs)
    {
        Graph.Nodes.Add(new Node(name, code, options, inputs, outputs));
        return outputs;
    }
}
