using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>Where nodes are imported to, the functions that they may run, and what could not be imported.</summary>
internal sealed class ImportScope(string file, Graph graph, IReadOnlyDictionary<string, TfFunction> functions)
{
    /// <summary>A scope without functions.</summary>
    public ImportScope(string file, Graph graph)
        : this(file, graph, new Dictionary<string, TfFunction>())
    {
    }

    public string File => file;

    public Graph Graph => graph;

    public List<ModelDiagnostic> Problems { get; } = [];

    /// <summary>What the graph is given, where it is not known yet which of it will be its inputs.</summary>
    public List<Value> Arguments { get; } = [];

    /// <summary>Lists whose elements have no shape yet: the first one that is put in tells.</summary>
    public Dictionary<Value, OpenList> OpenLists { get; } = [];

    public TfFunction? Find(string name) => functions.GetValueOrDefault(name);

    /// <summary>The same for a graph that this one runs.</summary>
    public ImportScope Within(string name) => new(file, new Graph(name, graph), functions);
}
