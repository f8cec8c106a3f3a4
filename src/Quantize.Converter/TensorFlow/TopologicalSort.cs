namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Depth-first from the outputs, on a stack of its own. A NextIteration is where a TF1 loop closes: it does not hold its consumer up but is visited later, on its own.
/// </summary>
internal sealed class TopologicalSort(TfGraph graph)
{
    private const int NamesInMessage = 8;

    private readonly Dictionary<TfNode, bool> _finished = [];
    private readonly Stack<(TfNode Node, int Next)> _path = [];
    private readonly Queue<TfNode> _loopEnds = [];
    private readonly List<TfNode> _sorted = [];

    public List<TfNode> Sort(IEnumerable<TfNode> outputs)
    {
        foreach (TfNode output in outputs)
            Visit(output);
        while (_loopEnds.TryDequeue(out TfNode? node))
            Visit(node);
        return _sorted;
    }

    private void Visit(TfNode root)
    {
        Enter(root, isRoot: true);
        while (_path.TryPop(out (TfNode Node, int Next) step))
        {
            if (Source(step.Node, step.Next) is { } source)
            {
                _path.Push((step.Node, step.Next + 1));
                Enter(source, isRoot: false);
            }
            else
            {
                _finished[step.Node] = true;
                _sorted.Add(step.Node);
            }
        }
    }

    private void Enter(TfNode node, bool isRoot)
    {
        if (!isRoot && node.Op is "NextIteration" or "RefNextIteration")
        {
            _loopEnds.Enqueue(node);
        }
        else if (!_finished.TryGetValue(node, out bool finished))
        {
            _finished[node] = false;
            _path.Push((node, 0));
        }
        else if (!finished)
        {
            throw ConversionException.Damaged(graph.File, $"its nodes form a cycle: {Cycle(node)}");
        }
    }

    private static TfNode? Source(TfNode node, int index)
    {
        if (index < node.Inputs.Count)
            return node.Inputs[index].Node;
        index -= node.Inputs.Count;
        return index < node.ControlInputs.Count ? node.ControlInputs[index] : null;
    }

    private string Cycle(TfNode node)
    {
        string[] names = [.. _path.Select(step => step.Node).TakeWhile(other => other != node).Select(other => other.Name).Reverse()];
        string inner = names.Length <= NamesInMessage ? string.Concat(names.Select(name => $"'{name}', ")) : $"{names.Length} nodes, ";
        return $"'{node.Name}', {inner}'{node.Name}'";
    }
}
