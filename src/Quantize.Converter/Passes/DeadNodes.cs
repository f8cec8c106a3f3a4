using Quantize.Converter.Graphs;

namespace Quantize.Converter.Passes;

/// <summary>Takes out nodes that nothing depends on.</summary>
internal static class DeadNodes
{
    public static bool Run(Graph graph)
    {
        int before = graph.Nodes.Count;
        for (int i = before - 1; i >= 0; i--)
        {
            Node node = graph.Nodes[i];
            if (node.Outputs.All(output => output.Consumers.Count == 0 && !graph.IsOutput(output)))
                graph.Remove(node);
        }

        return graph.Nodes.Count < before;
    }
}
