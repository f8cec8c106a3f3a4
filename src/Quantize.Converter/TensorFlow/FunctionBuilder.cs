namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Copies a part of a graph into a function. What the part takes from outside becomes an argument; several functions that one operation runs share the list of those.
/// </summary>
internal sealed class FunctionBuilder
{
    private readonly TfGraph _body;
    private readonly List<TfEdge> _captured;
    private readonly Func<TfEdge, Source> _find;
    private readonly List<TfNode> _arguments = [];
    private readonly Dictionary<TfNode, TfNode> _copies = [];
    private readonly Dictionary<TfEdge, TfNode> _captures = [];

    /// <param name="root">The graph with the functions.</param>
    /// <param name="arguments">How many arguments the function has before those that are captured.</param>
    /// <param name="captured">What is captured, so far.</param>
    /// <param name="find">Tells what an edge is to the function.</param>
    public FunctionBuilder(TfGraph root, int arguments, List<TfEdge> captured, Func<TfEdge, Source> find)
    {
        _body = new TfGraph { File = root.File, Functions = root.Functions };
        (_captured, _find) = (captured, find);
        for (int i = 0; i < arguments; i++)
            AddArgument($"argument_{i}");
    }

    /// <summary>Copies too what nodes only wait for: switches within tell their sides by it.</summary>
    public bool KeepsControls { get; init; }

    /// <summary>What an edge is to a function: an argument, something outside, or, where it is neither, a node to copy.</summary>
    internal readonly record struct Source(TfEdge Edge, int Argument, bool IsOutside)
    {
        public static Source OfArgument(int number) => new(default, number, false);

        public static Source Outside(TfEdge edge) => new(edge, -1, true);

        public static Source Inside(TfEdge edge) => new(edge, -1, false);
    }

    /// <summary>The edge within the function, with all that it needs.</summary>
    public TfEdge Add(TfEdge edge)
    {
        var open = new Stack<TfNode>();
        TfEdge result = Within(edge, open);
        while (open.TryPop(out TfNode? node))
        {
            _copies[node].Inputs.AddRange(node.Inputs.Select(input => Within(input, open)));
            if (KeepsControls)
                _copies[node].ControlInputs.AddRange(node.ControlInputs.Select(control => new TfEdge(control, 0)).Where(IsInside).Select(control => Within(control, open).Node));
        }

        return result;
    }

    public TfFunction Finish(string name, IReadOnlyList<TfEdge> results)
    {
        foreach (TfEdge edge in _captured)
            Capture(edge);
        TfNode[] captures = [.. _captured.Select(edge => _captures[edge])];
        return new TfFunction(name, _body, [.. _arguments.Except(captures), .. captures], results);
    }

    private TfEdge Within(TfEdge edge, Stack<TfNode> open)
    {
        Source source = _find(edge);
        if (source.Argument >= 0)
            return new TfEdge(_arguments[source.Argument], 0);
        if (source.IsOutside)
            return new TfEdge(Capture(source.Edge), 0);
        TfNode node = source.Edge.Node;
        if (!_copies.TryGetValue(node, out TfNode? copy))
        {
            _copies[node] = copy = node.Copy(node.Name);
            _body.Nodes.Add(copy);
            open.Push(node);
        }

        return new TfEdge(copy, source.Edge.Output);
    }

    private bool IsInside(TfEdge edge) => _find(edge) is { Argument: < 0, IsOutside: false };

    private TfNode Capture(TfEdge edge)
    {
        if (_captures.TryGetValue(edge, out TfNode? argument))
            return argument;
        if (!_captured.Contains(edge))
            _captured.Add(edge);
        return _captures[edge] = AddArgument($"{edge.Node.Name}/captured");
    }

    private TfNode AddArgument(string name)
    {
        var argument = new TfNode(name, "_Arg");
        argument.Attributes["index"] = (long)_arguments.Count;
        _arguments.Add(argument);
        _body.Nodes.Add(argument);
        return argument;
    }
}
