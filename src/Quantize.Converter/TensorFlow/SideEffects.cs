namespace Quantize.Converter.TensorFlow;

/// <summary>Which operations change something that outlives a run, so that a control dependency on them means more than an order.</summary>
internal static class SideEffects
{
    private static readonly HashSet<string> Writers = new(StringComparer.Ordinal)
    {
        "Assign",
        "AssignAdd",
        "AssignAddVariableOp",
        "AssignSub",
        "AssignSubVariableOp",
        "AssignVariableOp",
        "CountUpTo",
        "ResourceCountUpTo",
        "ResourceScatterAdd",
        "ResourceScatterDiv",
        "ResourceScatterMax",
        "ResourceScatterMin",
        "ResourceScatterMul",
        "ResourceScatterNdAdd",
        "ResourceScatterNdMax",
        "ResourceScatterNdMin",
        "ResourceScatterNdSub",
        "ResourceScatterNdUpdate",
        "ResourceScatterSub",
        "ResourceScatterUpdate",
        "ResourceStridedSliceAssign",
        "ScatterAdd",
        "ScatterDiv",
        "ScatterMax",
        "ScatterMin",
        "ScatterMul",
        "ScatterNdAdd",
        "ScatterNdSub",
        "ScatterNdUpdate",
        "ScatterSub",
        "ScatterUpdate",
        "StridedSliceAssign",
    };

    public static bool IsWriter(TfNode node, IReadOnlyDictionary<string, TfFunction> functions) =>
        Writers.Contains(node.Op) || FunctionalOps.References(node).Any(reference => HasWriter(reference.Name, functions));

    /// <summary>All nodes that write or that come, by any path, behind one that does.</summary>
    public static HashSet<TfNode> Find(TfGraph graph)
    {
        var found = new HashSet<TfNode>();
        var open = new Stack<TfNode>(graph.Nodes.Where(node => IsWriter(node, graph.Functions)));
        if (open.Count == 0)
            return found;

        ILookup<TfNode, TfNode> consumers = Consumers(graph);
        while (open.TryPop(out TfNode? node))
        {
            if (!found.Add(node))
                continue;
            foreach (TfNode consumer in consumers[node])
                open.Push(consumer);
        }

        return found;
    }

    private static bool HasWriter(string function, IReadOnlyDictionary<string, TfFunction> functions) =>
        functions.TryGetValue(function, out TfFunction? body) && body.Body.Nodes.Any(node => IsWriter(node, functions));

    private static ILookup<TfNode, TfNode> Consumers(TfGraph graph) => graph.Nodes
        .SelectMany(node => node.Inputs.Select(edge => edge.Node).Concat(node.ControlInputs).Select(source => (source, node)))
        .ToLookup(pair => pair.source, pair => pair.node);
}
