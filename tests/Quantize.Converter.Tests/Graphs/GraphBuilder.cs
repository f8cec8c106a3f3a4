using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Tests.Graphs;

/// <summary>Builds small graphs by hand.</summary>
internal sealed class GraphBuilder
{
    private readonly Graph _graph = new("test");

    public Value Input(string name, params ReadOnlySpan<Dimension> dimensions) => Input(name, TensorType.Float32, dimensions);

    public Value Input(string name, TensorType type, params ReadOnlySpan<Dimension> dimensions)
    {
        var value = new Value(name, type, Shape.Of(dimensions));
        _graph.Inputs.Add(value);
        return value;
    }

    public Value Node(string name, BuiltinOperator code, params Value?[] inputs) => Node(name, code, OperatorOptionsTable.Create(code), inputs);

    public Value Node(string name, BuiltinOperator code, OperatorOptions options, params Value?[] inputs)
    {
        var output = new Value(name, TensorType.Float32, Shape.Unknown);
        var node = new Node(name, code, options, inputs, [output]);
        _graph.Nodes.Add(node);
        ShapeInference.Infer(node);
        return output;
    }

    public Value Caller(string name, BuiltinOperator code, OperatorOptions options, Value?[] inputs, params Graph[] callees)
    {
        var output = new Value(name, TensorType.Float32, Shape.Unknown);
        var node = new Node(name, code, options, inputs, [output]) { Callees = callees };
        _graph.Nodes.Add(node);
        ShapeInference.Infer(node);
        return output;
    }

    /// <summary>A node with any number of outputs.</summary>
    public void Add(Node node)
    {
        _graph.Nodes.Add(node);
        ShapeInference.Infer(node);
    }

    public Graph Build(params Value[] outputs)
    {
        _graph.Outputs.AddRange(outputs);
        Assert.Null(GraphChecker.Fault(_graph));
        return _graph;
    }

    /// <summary>Runs a pass once and gives the graph's text, consistent before and after.</summary>
    public static string After(Func<Graph, bool> pass, Graph graph)
    {
        pass(graph);
        Assert.Null(GraphChecker.Fault(graph));
        return GraphPrinter.Print(graph).TrimEnd('\n');
    }

    public static Module Module(Graph graph) =>
        new([graph], [new EntryPoint("serving_default", graph, [.. graph.Inputs.Select(input => input.Name)], [.. graph.Outputs.Select(output => output.Name)])]);
}
