namespace Quantize.Converter.TensorFlow;

/// <summary>
/// TF1 branches: Switch sends a tensor to one side, Merge takes the side that is alive. Each Merge, with others of its scope that wait for the same predicate, becomes an If
/// with functions; the Merge becomes the Identity of its result. Which nodes belong to a side is told by the switches behind them (<see cref="Guards"/>).
/// </summary>
internal sealed class SwitchBranches
{
    private readonly TfGraph _root;
    private readonly TfGraph _graph;
    private readonly UniqueNames _names;
    private readonly Guards _guards;

    private SwitchBranches(TfGraph root, TfGraph graph, UniqueNames names)
    {
        (_root, _graph, _names) = (root, graph, names);
        _guards = new Guards(graph);
    }

    public static void Run(TfGraph graph)
    {
        var names = new UniqueNames();
        foreach (string name in graph.Functions.Keys)
            names.Take(name);
        TfGraph[] graphs = [graph, .. graph.Functions.Values.Select(function => function.Body)];
        foreach (TfGraph one in graphs.Where(one => one.Nodes.Exists(node => node.Op is "Switch" or "RefSwitch")))
            new SwitchBranches(graph, one, names).RaiseAll();
    }

    private void RaiseAll()
    {
        foreach (TfNode merge in _guards.Merges)
            Raise(merge);
    }

    private void Raise(TfNode merge)
    {
        if (!Guards.IsMerge(merge) || !_guards.TryPredicate(merge, out TfEdge predicate))
            return;
        TfNode[] group = [.. _guards.Merges.Where(other => Belongs(other, merge, predicate))];
        foreach (TfNode inner in group.SelectMany(Inner).ToArray())
            Raise(inner);

        List<TfEdge> captured = [];
        var then = new FunctionBuilder(_root, 0, captured, edge => _guards.Of(edge, predicate, true));
        var otherwise = new FunctionBuilder(_root, 0, captured, edge => _guards.Of(edge, predicate, false));
        TfEdge[] whenTrue = [.. group.Select(one => then.Add(_guards.Side(one, predicate, true)))];
        TfEdge[] whenFalse = [.. group.Select(one => otherwise.Add(_guards.Side(one, predicate, false)))];
        Put(group, predicate, captured, then.Finish(_names.Take($"{merge.Name}_true"), whenTrue), otherwise.Finish(_names.Take($"{merge.Name}_false"), whenFalse));
    }

    /// <summary>One cond gives all its results in one scope, and none of them needs another.</summary>
    private bool Belongs(TfNode other, TfNode merge, TfEdge predicate) => other == merge
        || (Guards.IsMerge(other) && Scope(other) == Scope(merge) && _guards.TryPredicate(other, out TfEdge its) && its == predicate
            && _guards.Outer(other).SetEquals(_guards.Outer(merge)) && !Reaches(other, merge) && !Reaches(merge, other));

    private static string Scope(TfNode node) => node.Name[..(node.Name.LastIndexOf('/') + 1)];

    private static bool Reaches(TfNode from, TfNode to) => GraphPruning.Reachable([from]).Contains(to);

    /// <summary>Merges behind this one that are inside one of its sides.</summary>
    private IEnumerable<TfNode> Inner(TfNode merge) => GraphPruning.Reachable(merge.Inputs.Select(input => input.Node)).Where(node => Guards.IsMerge(node) && node != merge);

    private void Put(TfNode[] group, TfEdge predicate, List<TfEdge> captured, TfFunction then, TfFunction otherwise)
    {
        _root.Functions[then.Name] = then;
        _root.Functions[otherwise.Name] = otherwise;
        var branch = new TfNode($"{group[0].Name}/if", "If");
        branch.Inputs.Add(predicate);
        branch.Inputs.AddRange(captured);
        branch.Attributes["then_branch"] = new TfFunctionReference(then.Name, new Dictionary<string, object>());
        branch.Attributes["else_branch"] = new TfFunctionReference(otherwise.Name, new Dictionary<string, object>());
        _graph.Nodes.Add(branch);
        _guards.Add(branch, group[0]);
        for (int i = 0; i < group.Length; i++)
        {
            group[i].Op = "Identity";
            group[i].Inputs.Clear();
            group[i].Inputs.Add(new TfEdge(branch, i));
            group[i].ControlInputs.Clear();
        }
    }
}
