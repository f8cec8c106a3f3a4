using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>The nodes that a signature's outputs depend on, each behind its inputs.</summary>
internal sealed class ImportOrder
{
    private readonly HashSet<TfEdge> _given;
    private readonly HashSet<TfNode> _seen = [];
    private readonly List<TfNode> _order = [];

    private ImportOrder(IEnumerable<TfEdge> given) => _given = [.. given];

    /// <summary>Nothing before the edges <paramref name="given"/> is visited. In a loop, one node stands before an input of it.</summary>
    public static IReadOnlyList<TfNode> Of(IEnumerable<TfEdge> given, IEnumerable<TfEdge> wanted)
    {
        var order = new ImportOrder(given);
        foreach (TfEdge edge in wanted)
            order.Visit(edge);
        return order._order;
    }

    private void Visit(TfEdge wanted)
    {
        var open = new Stack<(TfNode Node, int NextInput)>();
        Open(wanted, open);
        while (open.TryPop(out (TfNode Node, int NextInput) top))
        {
            if (top.NextInput < top.Node.Inputs.Count)
            {
                open.Push((top.Node, top.NextInput + 1));
                Open(top.Node.Inputs[top.NextInput], open);
            }
            else
            {
                _order.Add(top.Node);
            }
        }
    }

    private void Open(TfEdge edge, Stack<(TfNode Node, int NextInput)> open)
    {
        if (!_given.Contains(edge) && _seen.Add(edge.Node))
            open.Push((edge.Node, 0));
    }
}
