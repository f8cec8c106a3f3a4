namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A signature may feed any tensor, not only a placeholder. Such a tensor becomes a placeholder, and what depends on it is copied for that signature,
/// because another one may still compute it.
/// </summary>
internal static class GraphCut
{
    public static IReadOnlyList<TfSignature> Apply(TfGraph graph, IReadOnlyList<TfSignature> signatures) =>
        [.. signatures.Select(signature => signature.Inputs.All(input => IsPlaceholder(input.Edge)) ? signature : Cut(graph, signature))];

    private static bool IsPlaceholder(TfEdge edge) => edge is { Node.Op: "Placeholder", Output: 0 };

    private static TfSignature Cut(TfGraph graph, TfSignature signature)
    {
        var fed = new Dictionary<TfEdge, TfEdge>();
        foreach (TfSignatureTensor input in signature.Inputs)
            fed[input.Edge] = IsPlaceholder(input.Edge) ? input.Edge : new TfEdge(Placeholder(input), 0);

        Dictionary<TfNode, TfNode> copies = Copies(signature, fed);
        foreach ((TfNode node, TfNode copy) in copies)
        {
            copy.Inputs.AddRange(node.Inputs.Select(Replaced));
            copy.ControlInputs.AddRange(node.ControlInputs.Select(source => copies.GetValueOrDefault(source, source)));
        }

        graph.Nodes.AddRange(fed.Where(pair => pair.Key != pair.Value).Select(pair => pair.Value.Node));
        graph.Nodes.AddRange(copies.Values);
        return signature with
        {
            Inputs = [.. signature.Inputs.Select(input => input with { Edge = fed[input.Edge] })],
            Outputs = [.. signature.Outputs.Select(output => output with { Edge = Replaced(output.Edge) })],
        };

        TfEdge Replaced(TfEdge edge) => fed.TryGetValue(edge, out TfEdge placeholder)
            ? placeholder
            : edge with { Node = copies.GetValueOrDefault(edge.Node, edge.Node) };
    }

    private static TfNode Placeholder(TfSignatureTensor input)
    {
        var node = new TfNode(input.Edge.ToString(), "Placeholder");
        node.Attributes["dtype"] = input.Type;
        node.Attributes["shape"] = input.Shape;
        return node;
    }

    /// <summary>A copy of each node between the fed tensors and the outputs.</summary>
    private static Dictionary<TfNode, TfNode> Copies(TfSignature signature, Dictionary<TfEdge, TfEdge> fed)
    {
        var consumers = new Dictionary<TfNode, List<TfNode>>();
        var copies = new Dictionary<TfNode, TfNode>();
        var affected = new Stack<TfNode>();
        var visited = new HashSet<TfNode>();
        var open = new Stack<TfNode>(signature.Outputs.Where(output => !fed.ContainsKey(output.Edge)).Select(output => output.Edge.Node));
        while (open.TryPop(out TfNode? node))
        {
            if (!visited.Add(node))
                continue;
            if (node.Inputs.Any(fed.ContainsKey))
                affected.Push(node);
            foreach (TfNode source in node.Inputs.Where(edge => !fed.ContainsKey(edge)).Select(edge => edge.Node).Concat(node.ControlInputs))
            {
                if (!consumers.TryGetValue(source, out List<TfNode>? list))
                    consumers[source] = list = [];
                list.Add(node);
                open.Push(source);
            }
        }

        while (affected.TryPop(out TfNode? node))
        {
            if (!copies.TryAdd(node, node.Copy(node.Name)) || !consumers.TryGetValue(node, out List<TfNode>? list))
                continue;
            foreach (TfNode consumer in list)
                affected.Push(consumer);
        }

        return copies;
    }
}
