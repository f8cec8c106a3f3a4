namespace Quantize.Converter.TensorFlow;

/// <summary>
/// TF1 loops are cycles: Enter leads into a frame, Merge takes the first or the next value, Switch leaves or goes on, NextIteration closes the circle. Each frame becomes
/// a While with functions, the inner ones first. An Exit becomes the Identity of the loop's result.
/// </summary>
internal sealed class WhileFrames
{
    private readonly TfGraph _root;
    private readonly TfGraph _graph;
    private readonly UniqueNames _names;

    private WhileFrames(TfGraph root, TfGraph graph, UniqueNames names) => (_root, _graph, _names) = (root, graph, names);

    public static void Run(TfGraph graph)
    {
        var names = new UniqueNames();
        foreach (string name in graph.Functions.Keys)
            names.Take(name);
        TfGraph[] graphs = [graph, .. graph.Functions.Values.Select(function => function.Body)];
        foreach (TfGraph one in graphs)
            new WhileFrames(graph, one, names).RaiseAll();
    }

    private static bool IsEnter(TfNode node) => node.Op is "Enter" or "RefEnter";

    private static bool IsExit(TfNode node) => node.Op is "Exit" or "RefExit";

    private static bool IsNext(TfNode node) => node.Op is "NextIteration" or "RefNextIteration";

    private static bool IsSwitch(TfNode node) => node.Op is "Switch" or "RefSwitch";

    private void RaiseAll()
    {
        List<string> frames = [.. _graph.Nodes.Where(IsEnter).Select(Frame).Distinct()];
        while (frames.Count > 0)
        {
            int innermost = frames.FindIndex(TryRaise);
            if (innermost < 0)
                throw ConversionException.Damaged(_graph.File, $"its loop '{frames[0]}' is not closed, or leads into itself");
            frames.RemoveAt(innermost);
        }
    }

    private static string Frame(TfNode enter) => enter.Attribute("frame_name", "");

    /// <summary>False where another loop within is to be raised first.</summary>
    private bool TryRaise(string frame)
    {
        HashSet<TfNode> enters = [.. _graph.Nodes.Where(node => IsEnter(node) && Frame(node) == frame)];
        TfNode[] merges = [.. _graph.Nodes.Where(node => node.Op is "Merge" or "RefMerge" && node.Inputs.Exists(input => enters.Contains(input.Node)))];
        if (merges.Length == 0)
            return true;
        if (Condition(merges) is not { } condition)
            throw ConversionException.Damaged(_graph.File, $"its loop '{frame}' has no condition");

        List<TfEdge> captured = [];
        FunctionBuilder.Source Find(TfEdge edge) => Of(edge, merges, enters, condition);
        TfEdge[] next = [.. merges.Select(merge => merge.Inputs.Find(input => IsNext(input.Node)).Node?.Inputs[0] ?? throw ConversionException.Damaged(_graph.File, $"its loop '{frame}' has no next value for '{merge.Name}'"))];
        if (ReachesExit([condition.Inputs[0], .. next], Find))
            return false;

        var test = new FunctionBuilder(_root, merges.Length, captured, Find) { KeepsControls = true };
        var body = new FunctionBuilder(_root, merges.Length, captured, Find) { KeepsControls = true };
        TfEdge goes = test.Add(condition.Inputs[0]);
        TfEdge[] results = [.. next.Select(body.Add)];
        TfFunction testing = test.Finish(_names.Take($"{frame}_cond"), [goes]);
        TfFunction running = body.Finish(_names.Take($"{frame}_body"), results);
        Put(merges, enters, captured, testing, running with { Results = [.. results, .. running.Arguments.Skip(merges.Length).Select(argument => new TfEdge(argument, 0))] });
        return true;
    }

    private TfNode? Condition(TfNode[] merges) => _graph.Nodes
        .Where(node => IsSwitch(node) && merges.Contains(node.Inputs[0].Node))
        .Select(node => node.Inputs[1].Node)
        .FirstOrDefault(node => node.Op == "LoopCond");

    private static FunctionBuilder.Source Of(TfEdge edge, TfNode[] merges, HashSet<TfNode> enters, TfNode condition)
    {
        while (IsSwitch(edge.Node) && edge.Node.Inputs[1].Node == condition)
            edge = edge.Node.Inputs[0];
        int argument = Array.IndexOf(merges, edge.Node);
        if (argument >= 0)
            return FunctionBuilder.Source.OfArgument(argument);
        if (enters.Contains(edge.Node))
            return FunctionBuilder.Source.Outside(edge.Node.Inputs[0]);
        return edge.Node.Op is "Placeholder" or "VarHandleOp" or "VariableV2" ? FunctionBuilder.Source.Outside(edge) : FunctionBuilder.Source.Inside(edge);
    }

    private static bool ReachesExit(IEnumerable<TfEdge> from, Func<TfEdge, FunctionBuilder.Source> find)
    {
        var open = new Stack<TfEdge>(from);
        HashSet<TfNode> seen = [];
        while (open.TryPop(out TfEdge edge))
        {
            FunctionBuilder.Source source = find(edge);
            if (source.Argument >= 0 || source.IsOutside || !seen.Add(source.Edge.Node))
                continue;
            if (IsExit(source.Edge.Node))
                return true;
            foreach (TfEdge input in source.Edge.Node.Inputs)
                open.Push(input);
        }

        return false;
    }

    private void Put(TfNode[] merges, HashSet<TfNode> enters, List<TfEdge> captured, TfFunction condition, TfFunction body)
    {
        _root.Functions[condition.Name] = condition;
        _root.Functions[body.Name] = body;
        var loop = new TfNode($"{merges[0].Name}/while", "While");
        loop.Inputs.AddRange(merges.Select(merge => merge.Inputs.Find(input => enters.Contains(input.Node)).Node.Inputs[0]));
        loop.Inputs.AddRange(captured);
        loop.Attributes["cond"] = new TfFunctionReference(condition.Name, new Dictionary<string, object>());
        loop.Attributes["body"] = new TfFunctionReference(body.Name, new Dictionary<string, object>());
        _graph.Nodes.Add(loop);
        foreach (TfNode exit in _graph.Nodes.Where(node => IsExit(node) && IsSwitch(node.Inputs[0].Node)))
        {
            int result = Array.IndexOf(merges, exit.Inputs[0].Node.Inputs[0].Node);
            if (result < 0)
                continue;
            exit.Op = "Identity";
            exit.Inputs[0] = new TfEdge(loop, result);
        }
    }
}
