using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Replaces calls by the bodies of the functions they call. The call itself becomes the Identity of its first result; further results are Identities named
/// <c>call:1</c>, <c>call:2</c>, ..., as TensorFlow writes these edges. Bodies of loops and branches stay functions, one copy for each operation, inlined within.
/// Only what the roots need is touched.
/// </summary>
internal sealed class FunctionInliner
{
    private const int NameLengthThatCountsAsANode = 64;

    private readonly FunctionLibrary _library;
    private readonly TfGraph _root;
    private readonly Dictionary<TfNode, TfNode[]> _results = [];
    private readonly Dictionary<TfNode, CallFrame> _frames = [];
    private readonly UniqueNames _functionNames = new();
    private long _size;

    public FunctionInliner(TfGraph root, FunctionLibrary library) => (_root, _library) = (root, library);

    /// <summary>What inlining may make, counted in nodes, inputs and pieces of names: far beyond real models, and far below what memory holds.</summary>
    public long LargestSize { get; init; } = 2_000_000;

    /// <summary>Inlines what the edges need; afterwards <see cref="Forward"/> tells where a call's output went.</summary>
    public void Run(IEnumerable<TfEdge> roots)
    {
        Expand(_root, roots);
        Reconnect(_root);
    }

    public TfEdge Forward(TfEdge edge)
    {
        if (!_results.TryGetValue(edge.Node, out TfNode[]? results))
            return edge;
        if (edge.Output >= results.Length && edge.Output > 0)
            throw ConversionException.Damaged(_root.File, $"output {edge.Output} of the call '{edge.Node.Name}' is used, but it has {results.Length}");
        return new TfEdge(results.Length == 0 ? edge.Node : results[edge.Output], 0);
    }

    private void Expand(TfGraph graph, IEnumerable<TfEdge> roots)
    {
        var visited = new HashSet<TfNode>();
        var open = new Stack<TfEdge>(roots);
        while (open.TryPop(out TfEdge edge))
        {
            if (!_results.ContainsKey(edge.Node) && Called(edge.Node) is { } function)
                Inline(graph, edge.Node, function);
            TfNode node = Forward(edge).Node;
            if (!visited.Add(node))
                continue;
            if (FunctionalOps.HasBodies(node))
                FunctionalOps.Replace(node, reference => Body(node, reference));
            foreach (TfEdge input in node.Inputs)
                open.Push(input);
            foreach (TfNode input in node.ControlInputs)
                open.Push(new TfEdge(input, 0));
        }
    }

    private void Reconnect(TfGraph graph)
    {
        foreach (TfNode node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
                node.Inputs[i] = Forward(node.Inputs[i]);
        }
    }

    /// <summary>The function that a node calls, by an attribute or by being named like it.</summary>
    private TfFunctionReference? Called(TfNode node)
    {
        if (FunctionalOps.IsCall(node))
        {
            return node.TryAttribute("f", out TfFunctionReference? function)
                ? function
                : throw ConversionException.Damaged(_root.File, $"the call '{node.Name}' names no function");
        }

        return _library.Contains(node.Op) ? new TfFunctionReference(node.Op, node.Attributes) : null;
    }

    private void Inline(TfGraph graph, TfNode call, TfFunctionReference function)
    {
        FunctionTemplate template = Template(call, function);
        CheckArguments(call, function, call.Inputs.Count, template);
        TfNode[] body = Instantiate(graph, template, function.Attributes, call.Inputs, call.Name + "/", Frame(call, function));
        if (call.ControlInputs.Count > 0)
        {
            foreach (TfNode node in body.Where((_, index) => template.Nodes[index].Inputs.All(source => source.IsArgument)))
                node.ControlInputs.AddRange(call.ControlInputs);
        }

        TfEdge[] sources = [.. template.Results.Select(source => Edge(source, body, call.Inputs))];
        TfNode[] results = new TfNode[sources.Length];
        for (int i = 0; i < results.Length; i++)
        {
            TfNode node = i == 0 ? call : new TfNode($"{call.Name}:{i}", "");
            BecomeIdentity(node, template.ResultTypes[i].TypeFor(function.Attributes), sources[i], template.SideEffects.Select(index => body[index]));
            results[i] = node;
        }

        if (results.Length == 0)
            BecomeNoOp(call, template.SideEffects.Select(index => body[index]));
        graph.Nodes.AddRange(results.Skip(1));
        _results[call] = results;
    }

    private static void BecomeIdentity(TfNode node, TfDataType type, TfEdge source, IEnumerable<TfNode> sideEffects)
    {
        BecomeNoOp(node, sideEffects);
        node.Op = "Identity";
        node.Inputs.Add(source);
        node.Attributes["T"] = type;
    }

    private static void BecomeNoOp(TfNode node, IEnumerable<TfNode> sideEffects)
    {
        TfNode[] controls = [.. sideEffects];
        node.Op = "NoOp";
        node.Attributes.Clear();
        node.Inputs.Clear();
        node.ControlInputs.Clear();
        node.ControlInputs.AddRange(controls);
    }

    /// <summary>A copy of a loop's or branch's body, under a name of its own.</summary>
    private TfFunctionReference Body(TfNode owner, TfFunctionReference function)
    {
        FunctionTemplate template = Template(owner, function);
        CheckArguments(owner, function, owner.Inputs.Count - FunctionalOps.FirstArgument(owner), template);
        string name = _functionNames.Take(function.Name);
        var graph = new TfGraph { File = _root.File, Functions = _root.Functions };
        TfNode[] arguments = [.. template.Arguments.Select((argument, index) => Argument(argument, index, function.Attributes))];
        graph.Nodes.AddRange(arguments);
        TfEdge[] edges = [.. arguments.Select(argument => new TfEdge(argument, 0))];
        TfNode[] body = Instantiate(graph, template, function.Attributes, edges, "", Frame(owner, function));
        TfEdge[] results = [.. template.Results.Select(source => Edge(source, body, edges))];
        TfNode[] sideEffects = [.. template.SideEffects.Select(index => body[index])];

        Expand(graph, [.. results, .. sideEffects.Select(node => new TfEdge(node, 0))]);
        Reconnect(graph);
        UniqueNames.Run(graph, arguments);
        _root.Functions[name] = new TfFunction(name, graph, arguments, [.. results.Select(Forward)]) { SideEffects = sideEffects };
        return new TfFunctionReference(name, function.Attributes);
    }

    private static TfNode Argument(FunctionArgument argument, int index, IReadOnlyDictionary<string, object> given)
    {
        var node = new TfNode(argument.Name, "_Arg");
        node.Attributes["T"] = argument.TypeFor(given);
        node.Attributes["index"] = (long)index;
        return node;
    }

    private TfNode[] Instantiate(
        TfGraph graph,
        FunctionTemplate template,
        IReadOnlyDictionary<string, object> given,
        IReadOnlyList<TfEdge> arguments,
        string prefix,
        CallFrame frame)
    {
        CheckSize(template, prefix);
        var body = new TfNode[template.Nodes.Count];
        for (int i = 0; i < body.Length; i++)
        {
            body[i] = new TfNode(prefix + template.Nodes[i].Name, template.Nodes[i].Op);
            foreach ((string name, object value) in template.Nodes[i].Attributes)
            {
                if (template.Resolve(value, given) is { } resolved)
                    body[i].Attributes[name] = resolved;
            }

            _frames[body[i]] = frame;
        }

        for (int i = 0; i < body.Length; i++)
        {
            body[i].Inputs.AddRange(template.Nodes[i].Inputs.Select(source => Edge(source, body, arguments)));
            body[i].ControlInputs.AddRange(template.Nodes[i].Controls.Select(index => body[index]));
        }

        graph.Nodes.AddRange(body);
        return body;
    }

    private void CheckSize(FunctionTemplate template, string prefix)
    {
        foreach (TemplateNode node in template.Nodes)
            _size += 1 + node.Inputs.Count + node.Controls.Count + ((prefix.Length + node.Name.Length) / NameLengthThatCountsAsANode);
        if (_size > LargestSize)
            throw new ConversionException(DiagnosticTable.RecursiveFunction, _root.File, template.Name, "the graph would have hundreds of thousands of nodes");
    }

    private static TfEdge Edge(TemplateSource source, TfNode[] body, IReadOnlyList<TfEdge> arguments) =>
        source.IsArgument ? arguments[source.Argument] : new TfEdge(body[source.Node], source.Output);

    private FunctionTemplate Template(TfNode user, TfFunctionReference function) => _library.TryTemplate(function.Name, out FunctionTemplate? template)
        ? template
        : throw ConversionException.Damaged(_root.File, $"node '{user.Name}' names the function '{function.Name}', which the model does not hold");

    private void CheckArguments(TfNode user, TfFunctionReference function, int given, FunctionTemplate template)
    {
        if (given != template.Arguments.Count)
            throw ConversionException.Damaged(_root.File, $"node '{user.Name}' calls '{function.Name}' with {given} of {template.Arguments.Count} arguments");
    }

    private CallFrame Frame(TfNode caller, TfFunctionReference function) =>
        CallFrame.Enter(_frames.GetValueOrDefault(caller), caller, function.Name, _root.File);
}
