using Quantize.Runtime;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Graphs;

/// <summary>What must hold of a graph after every pass. On the way, shapes become as precise as the pass has made them.</summary>
internal static class GraphChecker
{
    /// <summary>The first thing that is wrong, as a sentence; null where nothing is.</summary>
    public static string? Fault(Graph graph)
    {
        HashSet<Value> known = [.. graph.Inputs];
        foreach (Node node in graph.Nodes)
        {
            string? fault = InputFault(node, known) ?? OutputFault(node, known) ?? ShapeFault(node);
            if (fault is not null)
                return fault;
        }

        Value? lost = graph.Outputs.Find(output => !output.IsConstant && !known.Contains(output));
        return lost is null ? null : $"the output {lost} is computed by no node";
    }

    private static string? InputFault(Node node, HashSet<Value> known)
    {
        foreach (Value input in node.Inputs.OfType<Value>())
        {
            if (!input.IsConstant && !input.IsVariable && !known.Contains(input))
                return $"{node} reads {input} before it is computed";
            if (!input.Consumers.Contains(node))
                return $"{input} does not know that {node} reads it";
        }

        return null;
    }

    private static string? OutputFault(Node node, HashSet<Value> known)
    {
        foreach (Value output in node.Outputs)
        {
            if (output.IsConstant || !known.Add(output))
                return $"{output} is computed by {node} and was known before";
            if (output.Producer != node)
                return $"{output} is an output of {node} but names {output.Producer} as its producer";
        }

        return null;
    }

    private static string? ShapeFault(Node node)
    {
        if (ShapeInference.Refine(node))
            return null;
        string answers = string.Join(", ", ShapeInference.Ask(node).Select(answer => $"{answer.Type}{answer.Shape}"));
        return $"{node} gives {answers}, but its output is {string.Join(", ", node.Outputs)}";
    }
}
