using Quantize.Converter.Graphs;

namespace Quantize.Converter.Passes;

/// <summary>Takes out nodes that nothing depends on. One without outputs is there for what it does.</summary>
internal static class DeadNodes
{
    public static bool Run(Graph graph)
    {
        int before = graph.Nodes.Count;
        for (int i = before - 1; i >= 0; i--)
        {
            Node node = graph.Nodes[i];
            if (node.Outputs.Count > 0 && node.Outputs.All(output => output.Consumers.Count == 0 && !graph.IsOutput(output)))
                graph.Remove(node);
        }

        return graph.Nodes.Count < before;
    }
}
