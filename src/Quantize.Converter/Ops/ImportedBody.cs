using Quantize.Converter.Graphs;

namespace Quantize.Converter.Ops;

/// <summary>A function as a graph, its inputs not chosen yet.</summary>
/// <param name="Scope">Its graph, and what could not be imported.</param>
/// <param name="Arguments">One value for each argument: a constant, an open list, or a value that may become an input of the graph.</param>
/// <param name="Results">One value for each result.</param>
internal sealed record ImportedBody(ImportScope Scope, IReadOnlyList<Value> Arguments, IReadOnlyList<Value> Results)
{
    public Graph Graph => Scope.Graph;

    public bool Reads(int argument) => Arguments[argument].Consumers.Count > 0 || Results.Contains(Arguments[argument]);

    /// <summary>The graph with these arguments as its inputs.</summary>
    public Graph With(IEnumerable<int> inputs, IEnumerable<Value> outputs)
    {
        Graph.Inputs.AddRange(inputs.Select(argument => Arguments[argument]));
        Graph.Outputs.AddRange(outputs);
        return Graph;
    }
}
