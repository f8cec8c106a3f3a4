namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Leaves what the outputs need. A control dependency is kept where it leads to a side effect, or to a switch: that is how a TF1 branch owns a constant.
/// </summary>
internal static class GraphPruning
{
    public static void Run(TfGraph graph, IEnumerable<TfNode> roots)
    {
        Prune(graph, [.. roots]);
        var used = new HashSet<string>(StringComparer.Ordinal);
        PruneFunctions(graph, graph, used);
        foreach (string name in graph.Functions.Keys.Where(name => !used.Contains(name)).ToArray())
            graph.Functions.Remove(name);
    }

    private static void PruneFunctions(TfGraph root, TfGraph graph, HashSet<string> used)
    {
        foreach (string name in graph.Nodes.SelectMany(FunctionalOps.References).Select(reference => reference.Name).Where(used.Add).ToArray())
        {
            if (!root.Functions.TryGetValue(name, out TfFunction? function))
                continue;
            HashSet<TfNode> effects = SideEffects.Find(function.Body);
            function = function with { SideEffects = [.. function.SideEffects.Where(effects.Contains)] };
            root.Functions[name] = function;
            Prune(function.Body, [.. function.Arguments, .. function.Results.Select(edge => edge.Node), .. function.SideEffects]);
            PruneFunctions(root, function.Body, used);
        }
    }

    private static void Prune(TfGraph graph, IReadOnlyList<TfNode> roots)
    {
        HashSet<TfNode> effects = SideEffects.Find(graph);
        foreach (TfNode node in graph.Nodes)
            node.ControlInputs.RemoveAll(source => !effects.Contains(source) && !IsPivot(source));
        HashSet<TfNode> needed = Reachable(roots);
        graph.Nodes.RemoveAll(node => !needed.Contains(node));
    }

    public static HashSet<TfNode> Reachable(IEnumerable<TfNode> roots)
    {
        var found = new HashSet<TfNode>();
        var open = new Stack<TfNode>(roots);
        while (open.TryPop(out TfNode? node))
        {
            if (!found.Add(node))
                continue;
            foreach (TfEdge input in node.Inputs)
                open.Push(input.Node);
            foreach (TfNode input in node.ControlInputs)
                open.Push(input);
        }

        return found;
    }

    private static bool IsPivot(TfNode node)
    {
        for (int step = 0; step < 8 && node is { Op: "Identity", Inputs.Count: 1 }; step++)
            node = node.Inputs[0].Node;
        return node.Op is "Switch" or "RefSwitch";
    }
}
