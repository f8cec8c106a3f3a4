using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras;

/// <summary>What all layers of a conversion share: the graph they add to, whose rules hold, and what could not be imported.</summary>
internal sealed record LayerScope(ImportScope Imports, Version Writer, LayerProblems Problems)
{
    public bool IsKeras3 => Writer.Major == 3;

    public Graph Graph => Imports.Graph;

    /// <summary>The same conversion within the graph of a loop.</summary>
    public LayerScope In(Graph graph) => this with { Imports = new ImportScope(Imports.File, graph) };

    /// <summary>Adds a builtin whose outputs are what the caller declares.</summary>
    public Value[] Add(string name, BuiltinOperator code, OperatorOptions options, Value[] inputs, params Value[] outputs) => Add(name, code, options, [], inputs, outputs);

    /// <summary>Adds a builtin that runs other graphs; an index among its options is a place among <paramref name="callees"/>.</summary>
    public Value[] Add(string name, BuiltinOperator code, OperatorOptions options, Graph[] callees, Value[] inputs, Value[] outputs)
    {
        Graph.Nodes.Add(new Node(name, code, options, inputs, outputs) { Callees = callees });
        return outputs;
    }
}
