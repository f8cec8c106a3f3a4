using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>A CALL, and an IF whose condition is a constant: the nodes of the graph that runs take the operator's place.</summary>
internal static class SettledCalls
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (Callee(node) is not { } callee)
                continue;
            Inline(graph, node, callee, node.Code == BuiltinOperator.If ? 1 : 0);
            changed = true;
        }

        return changed;
    }

    private static Graph? Callee(Node node) => node.Code switch
    {
        BuiltinOperator.Call => node.Callees[0],
        BuiltinOperator.If when node.Input(0) is { IsConstant: true } condition => node.Callees[condition.Data.Span[0] != 0 ? 0 : 1],
        _ => null,
    };

    private static void Inline(Graph graph, Node node, Graph callee, int firstArgument)
    {
        Value[] arguments = [.. node.Inputs.Skip(firstArgument).Select(input => input!)];
        for (int i = 0; i < arguments.Length; i++)
            callee.ReplaceUses(callee.Inputs[i], arguments[i]);
        graph.Nodes.InsertRange(graph.Nodes.IndexOf(node), callee.Nodes);
        for (int i = 0; i < node.Outputs.Count; i++)
            Hand(graph, node.Outputs[i], callee.Outputs[i]);
        graph.Remove(node);
    }

    /// <summary>An output of the graph keeps its name, and is a tensor that a node computes: what is none is copied.</summary>
    private static void Hand(Graph graph, Value output, Value result)
    {
        if (graph.IsOutput(output) && (result.Producer is null || graph.IsOutput(result)))
            result = Copy(graph, output, result);
        else if (graph.IsOutput(output))
            result.Name = output.Name;
        graph.ReplaceUses(output, result);
    }

    private static Value Copy(Graph graph, Value output, Value result)
    {
        var shape = new Value($"{output.Name}/shape", TensorType.Int32, Shape.Unknown);
        var copy = new Value(output.Name, output.Type, output.Shape);
        var shapeOf = new Node(output.Name, BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, [result], [shape]);
        ShapeInference.Infer(shapeOf);
        graph.Nodes.InsertRange(graph.Nodes.IndexOf(output.Producer!), [shapeOf, new Node(output.Name, BuiltinOperator.Reshape, new ReshapeOptions(), [result, shape], [copy])]);
        return copy;
    }
}
