using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Quantization;

/// <summary>Moves a DEQUANTIZE behind operators that only choose among elements: codes are chosen as floats are, and meet the next layer as codes.</summary>
internal static class DequantizeSinking
{
    private static readonly HashSet<BuiltinOperator> s_choosing =
    [
        BuiltinOperator.ExpandDims, BuiltinOperator.MaxPool2D, BuiltinOperator.Reshape, BuiltinOperator.Slice, BuiltinOperator.Squeeze, BuiltinOperator.StridedSlice, BuiltinOperator.Transpose,
    ];

    public static void Run(Graph graph)
    {
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (s_choosing.Contains(node.Code) && TrainedIntegers.CodesOf(node.Input(0)!) is { } codes && graph.IsReadOnlyBy(node.Input(0)!, node))
                Sink(graph, node, codes);
        }
    }

    private static void Sink(Graph graph, Node node, Value codes)
    {
        Node dequantize = node.Input(0)!.Producer!;
        Value result = node.Output;
        var chosen = new Value($"{node.Name}/codes", codes.Type, Shape.Unknown) { Quantization = codes.Quantization };
        int place = graph.Nodes.IndexOf(node);
        graph.Nodes[place] = new Node(node.Name, node.Code, node.Options, [codes, .. node.Inputs.Skip(1)], [chosen]);
        ShapeInference.Infer(graph.Nodes[place]);
        node.ClearInputs();
        graph.Nodes.Insert(place + 1, new Node($"{node.Name}/dequantize", BuiltinOperator.Dequantize, dequantize.Options, [chosen], [result]));
        graph.Remove(dequantize);
    }
}
