using System.Runtime.InteropServices;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Builds small TensorFlow graphs by hand.</summary>
internal sealed class TfGraphBuilder
{
    private readonly TfGraph _graph = new();
    private readonly List<TfSignatureTensor> _inputs = [];
    private readonly Dictionary<TfEdge, TfDataType> _outputTypes = [];

    public TfEdge Input(string name, params long[] shape) => Input(name, TfDataType.Float32, shape);

    public TfEdge Input(string name, TfDataType type, params long[] shape) => Input(name, type, new TfShape(shape));

    public TfEdge Input(string name, TfDataType type, TfShape shape)
    {
        TfEdge edge = Node(name, "Placeholder", [], ("dtype", type));
        _inputs.Add(new TfSignatureTensor(name, edge, type, shape));
        return edge;
    }

    public TfEdge Floats(string name, int[] shape, params float[] numbers) =>
        Node(name, "Const", [], ("value", new TfTensor(TfDataType.Float32, shape, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray())));

    public TfEdge Constant(string name, TfDataType type, int[] shape, byte[] bytes) => Node(name, "Const", [], ("value", new TfTensor(type, shape, bytes)));

    public TfEdge Ints(string name, int[] shape, params int[] numbers) =>
        Node(name, "Const", [], ("value", new TfTensor(TfDataType.Int32, shape, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray())));

    public TfEdge Node(string name, string op, TfEdge[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new TfNode(name, op);
        node.Inputs.AddRange(inputs);
        foreach ((string attribute, object value) in attributes)
            node.Attributes[attribute] = value;
        _graph.Nodes.Add(node);
        return new TfEdge(node, 0);
    }

    /// <summary>The inputs in this order; those that the graph does not have are left out.</summary>
    public void Reorder(params string[] names) => _inputs.Sort((a, b) => Array.IndexOf(names, a.Key).CompareTo(Array.IndexOf(names, b.Key)));

    /// <summary>The edge as an output of that type; float32 where nothing is said.</summary>
    public TfEdge As(TfDataType type, TfEdge edge)
    {
        _outputTypes[edge] = type;
        return edge;
    }

    public TfModel Build(params TfEdge[] outputs)
    {
        TfSignatureTensor[] results = [.. outputs.Select(edge => new TfSignatureTensor(edge.Node.Name, edge, _outputTypes.GetValueOrDefault(edge, TfDataType.Float32), TfShape.Unknown))];
        return new TfModel(_graph, [new TfSignature("serving_default", _inputs, results)]);
    }
}
