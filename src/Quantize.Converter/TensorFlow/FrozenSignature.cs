using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A bare graph has no signature: it is made from the arrays the caller names. Inputs not named are the placeholders that the outputs need; outputs not named are
/// the nodes that depend on an input and that nobody takes.
/// </summary>
internal sealed class FrozenSignature
{
    private const string Key = "serving_default";
    private const int CandidatesInMessage = 20;

    private readonly TfGraph _graph;
    private readonly TfReadOptions _options;
    private readonly List<ModelDiagnostic> _problems = [];

    private FrozenSignature(TfGraph graph, TfReadOptions options) => (_graph, _options) = (graph, options);

    public static TfSignature Find(TfGraph graph, TfReadOptions options) => new FrozenSignature(graph, options).Find();

    private TfSignature Find()
    {
        if (_options.SignatureKey is { } key && key != Key)
            throw new ConversionException(DiagnosticTable.SignatureNotFound, _graph.File, key, Key);
        TfNode[] placeholders = [.. _graph.Nodes.Where(node => node.Op == "Placeholder")];
        List<TfEdge> inputs = Named(ModelOption.InputArrays, _options.InputArrays, placeholders);
        List<TfEdge> outputs = Named(ModelOption.OutputArrays, _options.OutputArrays, Ends(placeholders));
        ThrowProblems();

        if (_options.OutputArrays.Count == 0)
            outputs = DefaultOutputs(_options.InputArrays.Count == 0 ? placeholders : inputs.Select(edge => edge.Node));
        HashSet<TfNode> unfed = Unfed(inputs, outputs);
        if (_options.InputArrays.Count == 0)
            inputs = [.. unfed.Select(node => new TfEdge(node, 0)).OrderBy(edge => edge.ToString(), StringComparer.Ordinal)];
        else
            CheckAllFed(unfed);
        ThrowProblems();
        return new TfSignature(Key, [.. inputs.Select(Tensor)], [.. outputs.Select(Tensor)]);
    }

    private static TfSignatureTensor Tensor(TfEdge edge) => new(edge.ToString(), edge, edge.RecordedType(), edge.RecordedShape());

    private List<TfEdge> Named(ModelOption option, IReadOnlyList<string> names, IEnumerable<TfNode> candidates)
    {
        var edges = new List<TfEdge>();
        foreach (string name in names)
        {
            (string nodeName, int output) = GraphDefReader.Split(name);
            if (_graph.Nodes.Find(node => node.Name == nodeName) is { } node)
                edges.Add(new TfEdge(node, output));
            else
                _problems.Add(new ModelDiagnostic(DiagnosticTable.ArrayNotFound, _graph.File, name, List(candidates)) { Option = option });
        }

        if (edges.Distinct().Count() < edges.Count)
            Undetermined(option, "one tensor is named twice", candidates);
        return edges;
    }

    private List<TfEdge> DefaultOutputs(IEnumerable<TfNode> inputs)
    {
        TfNode[] ends = Ends(inputs);
        if (ends.Length > 0)
            return [.. ends.Select(node => new TfEdge(node, 0)).OrderBy(edge => edge.ToString(), StringComparer.Ordinal)];
        string fact = _graph.Nodes.Exists(node => node.Op == "Placeholder") ? "no node depends on a placeholder" : "it has no placeholder";
        Undetermined(ModelOption.OutputArrays, fact, Ends(_graph.Nodes));
        return [];
    }

    /// <summary>Nodes behind an input that nobody takes, without those that compute nothing.</summary>
    private TfNode[] Ends(IEnumerable<TfNode> inputs)
    {
        ILookup<TfNode, TfNode> consumers = _graph.Nodes
            .SelectMany(node => node.Inputs.Select(edge => (edge.Node, Consumer: node)))
            .ToLookup(pair => pair.Node, pair => pair.Consumer);
        var dependent = new HashSet<TfNode>();
        var open = new Stack<TfNode>(inputs);
        while (open.TryPop(out TfNode? node))
        {
            if (!dependent.Add(node))
                continue;
            foreach (TfNode consumer in consumers[node])
                open.Push(consumer);
        }

        TfNode[] ends = [.. _graph.Nodes.Where(node => dependent.Contains(node) && !consumers[node].Any() && GivesAResult(node))];
        TfNode[] plain = [.. ends.Where(node => !IsLeftOver(node))];
        return plain.Length > 0 ? plain : ends;
    }

    /// <summary>Control flow gives a name to each of its results; those that nobody takes are hardly what a model is for.</summary>
    private static bool IsLeftOver(TfNode node) => node is { Op: "Identity", Inputs.Count: 1 }
        && (node.Inputs[0].Node.Op is "Switch" or "Merge" || FunctionalOps.HasBodies(node.Inputs[0].Node));

    private static bool GivesAResult(TfNode node) =>
        node.Inputs.Count > 0 && node.Op is not ("Assert" or "NoOp" or "Print" or "PrintV2" or "Exit" or "NextIteration" or "LoopCond")
        && !node.Op.EndsWith("Summary", StringComparison.Ordinal) && !node.Op.EndsWith("SummaryV2", StringComparison.Ordinal)
        && !node.Op.StartsWith("Save", StringComparison.Ordinal) && !node.Op.StartsWith("Restore", StringComparison.Ordinal)
        && !node.Op.StartsWith("Assign", StringComparison.Ordinal);

    /// <summary>Placeholders that the outputs reach without passing through a named input.</summary>
    private static HashSet<TfNode> Unfed(List<TfEdge> inputs, List<TfEdge> outputs)
    {
        var fed = inputs.ToHashSet();
        var visited = new HashSet<TfNode>();
        var open = new Stack<TfEdge>(outputs);
        while (open.TryPop(out TfEdge edge))
        {
            if (fed.Contains(edge) || !visited.Add(edge.Node))
                continue;
            foreach (TfEdge input in edge.Node.Inputs)
                open.Push(input);
        }

        visited.RemoveWhere(node => node.Op != "Placeholder");
        return visited;
    }

    private void CheckAllFed(HashSet<TfNode> unfed)
    {
        if (unfed.Count > 0)
            Undetermined(ModelOption.InputArrays, $"the outputs need {List(unfed)}, which is not among those named", unfed);
    }

    private void Undetermined(ModelOption option, string fact, IEnumerable<TfNode> candidates)
    {
        string what = option == ModelOption.InputArrays ? "inputs" : "outputs";
        _problems.Add(new ModelDiagnostic(DiagnosticTable.ArraysUndetermined, _graph.File, what, fact, List(candidates)) { Option = option });
    }

    private static string List(IEnumerable<TfNode> nodes)
    {
        string[] names = [.. nodes.Select(node => node.Name).Order(StringComparer.Ordinal)];
        if (names.Length == 0)
            return "none";
        string more = names.Length > CandidatesInMessage ? $" and {names.Length - CandidatesInMessage} more" : "";
        return string.Join(", ", names.Take(CandidatesInMessage)) + more;
    }

    private void ThrowProblems()
    {
        if (_problems.Count > 0)
            throw new ConversionException(_problems);
    }
}
