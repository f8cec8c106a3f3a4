namespace Quantize.Converter.TensorFlow;

/// <summary>For each node of a TF1 graph, the predicates that it waits for, and on which side: those of the switches behind it that no Merge has joined again.</summary>
internal sealed class Guards
{
    private static readonly HashSet<(TfEdge Predicate, bool Side)> s_none = [];

    private readonly Dictionary<TfNode, HashSet<(TfEdge Predicate, bool Side)>> _behind = [];
    private readonly Dictionary<TfNode, TfEdge> _predicates = [];

    public Guards(TfGraph graph)
    {
        List<TfNode> merges = [];
        foreach (TfNode node in SettledSwitches.InOrder(graph))
        {
            _behind[node] = Behind(node);
            if (IsMerge(node))
                merges.Add(node);
        }

        Merges = merges;
    }

    /// <summary>Inner ones before those that they lead to.</summary>
    public IReadOnlyList<TfNode> Merges { get; }

    public static bool IsMerge(TfNode node) => node.Op is "Merge" or "RefMerge";

    public bool TryPredicate(TfNode merge, out TfEdge predicate) => _predicates.TryGetValue(merge, out predicate);

    /// <summary>What the merge itself waits for.</summary>
    public HashSet<(TfEdge Predicate, bool Side)> Outer(TfNode node) => _behind.GetValueOrDefault(node, s_none);

    /// <summary>An If that takes the place of a merge.</summary>
    public void Add(TfNode node, TfNode merge) => _behind[node] = _behind[merge];

    /// <summary>The merge's input that is alive on a side of the predicate.</summary>
    public TfEdge Side(TfNode merge, TfEdge predicate, bool side)
    {
        int own = merge.Inputs.FindIndex(input => Of(input).Contains((predicate, side)));
        int other = merge.Inputs.FindIndex(input => Of(input).Contains((predicate, !side)));
        return merge.Inputs[own >= 0 ? own : 1 - other];
    }

    /// <summary>What an edge is to the function of one side.</summary>
    public FunctionBuilder.Source Of(TfEdge edge, TfEdge predicate, bool side)
    {
        while (IsSwitch(edge.Node) && Root(edge.Node.Inputs[1]) == predicate)
            edge = edge.Node.Inputs[0];
        return Of(edge).Contains((predicate, side)) ? FunctionBuilder.Source.Inside(edge) : FunctionBuilder.Source.Outside(edge);
    }

    private static bool IsSwitch(TfNode node) => node.Op is "Switch" or "RefSwitch";

    /// <summary>A predicate by what computes it, wherever switches and identities have taken it.</summary>
    private static TfEdge Root(TfEdge edge)
    {
        for (int step = 0; step < ScalarConstants.DeepestChain && (IsSwitch(edge.Node) || edge.Node.Op == "Identity") && edge.Node.Inputs.Count > 0; step++)
            edge = edge.Node.Inputs[0];
        return edge;
    }

    private HashSet<(TfEdge Predicate, bool Side)> Of(TfEdge edge)
    {
        HashSet<(TfEdge Predicate, bool Side)> behind = _behind.GetValueOrDefault(edge.Node, s_none);
        return IsSwitch(edge.Node) ? [.. behind, (Root(edge.Node.Inputs[1]), edge.Output == 1)] : behind;
    }

    private HashSet<(TfEdge Predicate, bool Side)> Behind(TfNode node)
    {
        HashSet<(TfEdge Predicate, bool Side)>[] sources = [.. node.Inputs.Select(Of), .. node.ControlInputs.Select(control => Of(new TfEdge(control, 0)))];
        if (!Array.Exists(sources, source => source.Count > 0))
            return s_none;
        HashSet<(TfEdge Predicate, bool Side)> all = [.. sources.SelectMany(source => source)];
        if (!IsMerge(node) || node.Inputs.Count != 2 || Joined(Of(node.Inputs[0]), Of(node.Inputs[1])) is not { } joined)
            return all;
        _predicates[node] = joined;
        all.RemoveWhere(guard => guard.Predicate == joined);
        return all;
    }

    /// <summary>The predicate that the two inputs wait for on different sides, or that only one of them waits for.</summary>
    private static TfEdge? Joined(HashSet<(TfEdge Predicate, bool Side)> a, HashSet<(TfEdge Predicate, bool Side)> b)
    {
        foreach ((TfEdge predicate, bool side) in a)
        {
            if (b.Contains((predicate, !side)))
                return predicate;
        }

        (TfEdge Predicate, bool Side)[] single = [.. a.Except(b), .. b.Except(a)];
        return single.Length > 0 ? single[0].Predicate : null;
    }
}
