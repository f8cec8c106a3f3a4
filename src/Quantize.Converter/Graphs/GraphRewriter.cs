using Quantize.Runtime.Format;

namespace Quantize.Converter.Graphs;

/// <summary>The changes that passes make, each leaving the graph consistent.</summary>
internal static class GraphRewriter
{
    public static bool IsOutput(this Graph graph, Value value) => graph.Outputs.Contains(value);

    /// <summary>True where one node, and nothing else, reads the value.</summary>
    public static bool IsReadOnlyBy(this Graph graph, Value value, Node node) =>
        value.Consumers is [Node only] && only == node && !graph.IsOutput(value);

    /// <summary>Readers of <paramref name="old"/>, the graph's outputs among them, read <paramref name="replacement"/> instead.</summary>
    public static void ReplaceUses(this Graph graph, Value old, Value replacement)
    {
        foreach (Node consumer in old.Consumers.Distinct().ToArray())
        {
            for (int i = 0; i < consumer.Inputs.Count; i++)
            {
                if (consumer.Inputs[i] == old)
                    consumer.SetInput(i, replacement);
            }
        }

        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            if (graph.Outputs[i] == old)
                graph.Outputs[i] = replacement;
        }
    }

    /// <summary>Takes a node out whose outputs nobody reads any more.</summary>
    public static void Remove(this Graph graph, Node node)
    {
        node.ClearInputs();
        graph.Nodes.Remove(node);
    }

    /// <summary>
    /// Puts one node in the place of <paramref name="first"/> and <paramref name="second"/>, which reads it: the new node stands where the second stood and
    /// has its output, so names and readers of the result stay.
    /// </summary>
    public static Node Fuse(this Graph graph, Node first, Node second, string name, OperatorOptions options, IEnumerable<Value?> inputs)
    {
        Value result = second.Output;
        int place = graph.Nodes.IndexOf(second);
        var fused = new Node(name, first.Code, options, [.. inputs], [result]);
        graph.Nodes[place] = fused;
        second.ClearInputs();
        graph.Remove(first);
        if (!graph.IsOutput(result))
            result.Name = name;
        return fused;
    }
}
