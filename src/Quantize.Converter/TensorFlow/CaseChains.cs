namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A Case becomes a chain of Ifs: is it branch 0, else branch 1, ..., else the last one, which also runs for numbers that no branch has. Every link takes the branch's
/// number behind the arguments.
/// </summary>
internal static class CaseChains
{
    public static void Run(TfGraph graph)
    {
        var names = new UniqueNames();
        foreach (string name in graph.Functions.Keys)
            names.Take(name);
        TfGraph[] graphs = [graph, .. graph.Functions.Values.Select(function => function.Body)];
        foreach (TfGraph one in graphs)
        {
            foreach (TfNode node in one.Nodes.Where(node => node.Op is "Case" or "StatelessCase").ToArray())
                Replace(graph, one, node, names);
        }
    }

    private static void Replace(TfGraph root, TfGraph graph, TfNode node, UniqueNames names)
    {
        TfFunction[] branches = [.. FunctionalOps.References(node).Select(reference => WithNumber(root.Functions[reference.Name]))];
        if (branches.Length == 0)
            throw ConversionException.Damaged(graph.File, $"the Case '{node.Name}' has no branches");
        foreach (TfFunction branch in branches)
            root.Functions[branch.Name] = branch;
        TfFunction rest = branches[^1];
        for (int i = branches.Length - 2; i > 0; i--)
        {
            rest = Link(root, node, branches[i], rest, i, names.Take($"{node.Name}_rest"));
            root.Functions[rest.Name] = rest;
        }

        TfEdge number = node.Inputs[0];
        node.Inputs.RemoveAt(0);
        node.Inputs.Add(number);
        node.Attributes.Clear();
        BecomeIf(graph, node, branches[0], branches.Length > 1 ? rest : branches[0], 0);
    }

    /// <summary>The branch with one argument more, which it does not read.</summary>
    private static TfFunction WithNumber(TfFunction branch)
    {
        TfNode number = Argument("branch_index", branch.Arguments.Count, TfDataType.Int32);
        branch.Body.Nodes.Add(number);
        return branch with { Arguments = [.. branch.Arguments, number] };
    }

    /// <summary>A function that runs one branch or what is left of the chain.</summary>
    private static TfFunction Link(TfGraph root, TfNode node, TfFunction branch, TfFunction rest, int index, string name)
    {
        var body = new TfGraph { File = root.File, Functions = root.Functions };
        TfNode[] arguments = [.. branch.Arguments.Select((argument, i) => Argument(argument.Name, i, argument.Attribute("T", TfDataType.Float32)))];
        body.Nodes.AddRange(arguments);
        var choice = new TfNode($"{node.Name}_{index}", "If");
        choice.Inputs.AddRange(arguments.Select(argument => new TfEdge(argument, 0)));
        BecomeIf(body, choice, branch, rest, index);
        body.Nodes.Add(choice);
        return new TfFunction(name, body, arguments, [.. branch.Results.Select((_, i) => new TfEdge(choice, i))]);
    }

    /// <summary>The last input is the branch's number.</summary>
    private static void BecomeIf(TfGraph graph, TfNode node, TfFunction then, TfFunction otherwise, int index)
    {
        var wanted = new TfNode($"{node.Name}/branch_{index}", "Const");
        ScalarConstants.Become(wanted, TfDataType.Int32, BitConverter.GetBytes(index));
        var isWanted = new TfNode($"{node.Name}/is_branch_{index}", "Equal");
        isWanted.Attributes["T"] = TfDataType.Int32;
        isWanted.Inputs.AddRange([node.Inputs[^1], new TfEdge(wanted, 0)]);
        graph.Nodes.AddRange([wanted, isWanted]);
        node.Op = "If";
        node.Inputs.Insert(0, new TfEdge(isWanted, 0));
        node.Attributes["then_branch"] = new TfFunctionReference(then.Name, new Dictionary<string, object>());
        node.Attributes["else_branch"] = new TfFunctionReference(otherwise.Name, new Dictionary<string, object>());
    }

    private static TfNode Argument(string name, int index, TfDataType type)
    {
        var node = new TfNode(name, "_Arg");
        node.Attributes["T"] = type;
        node.Attributes["index"] = (long)index;
        return node;
    }
}
