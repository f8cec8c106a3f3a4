namespace Quantize.Converter.TensorFlow;

/// <summary>
/// TF1 switches whose predicate is a constant (is_training, after the graph was frozen): the taken side is wired through, the other is dead, and so is all that hangs
/// on it. A merge with one side left alive is that side.
/// </summary>
internal static class SettledSwitches
{
    /// <summary>Rewires every reader; returns where an edge has gone, for the signatures' outputs.</summary>
    public static Func<TfEdge, TfEdge> Run(TfGraph graph)
    {
        var forward = new Dictionary<TfEdge, TfEdge>();
        HashSet<TfEdge> dead = [];
        TfEdge Resolve(TfEdge edge)
        {
            while (forward.TryGetValue(edge, out TfEdge next))
                edge = next;
            return edge;
        }

        if (!graph.Nodes.Exists(node => node.Op == "Switch"))
            return edge => edge;
        foreach (TfNode node in InOrder(graph))
        {
            bool isDead = node.Op != "Merge" && (node.Inputs.Exists(input => dead.Contains(Resolve(input))) || node.ControlInputs.Exists(control => dead.Contains(new TfEdge(control, 0))));
            if (isDead)
            {
                for (int output = 0; output < 8; output++)
                    dead.Add(new TfEdge(node, output));
            }
            else if (node.Op == "Switch" && ScalarConstants.Truth(Resolve(node.Inputs[1])) is { } truth)
            {
                forward[new TfEdge(node, truth ? 1 : 0)] = node.Inputs[0];
                dead.Add(new TfEdge(node, truth ? 0 : 1));
            }
            else if (node.Op == "Merge" && node.Inputs.Where(input => !dead.Contains(Resolve(input))).ToArray() is [TfEdge only] && node.Inputs.Count > 1)
            {
                forward[new TfEdge(node, 0)] = only;
            }
        }

        foreach (TfNode node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
                node.Inputs[i] = Resolve(node.Inputs[i]);
        }

        return Resolve;
    }

    /// <summary>Producers before readers, as far as loops allow.</summary>
    public static List<TfNode> InOrder(TfGraph graph)
    {
        List<TfNode> order = [];
        HashSet<TfNode> seen = [];
        var open = new Stack<(TfNode Node, bool Done)>(graph.Nodes.AsEnumerable().Reverse().Select(node => (node, false)));
        while (open.TryPop(out (TfNode Node, bool Done) next))
        {
            if (next.Done)
            {
                order.Add(next.Node);
            }
            else if (seen.Add(next.Node))
            {
                open.Push((next.Node, true));
                foreach (TfNode before in next.Node.Inputs.Select(input => input.Node).Concat(next.Node.ControlInputs))
                    open.Push((before, false));
            }
        }

        return order;
    }
}
