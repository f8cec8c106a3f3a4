using Quantize.Converter.Graphs;

namespace Quantize.Converter.Ops;

/// <summary>Values whose number of dimensions only a run knows, because that of an input is open: nothing is wrong with them until a node must know it.</summary>
internal static class OpenRanks
{
    /// <summary>The inputs of open rank that leave the value's rank open too.</summary>
    public static IReadOnlyList<Value> Behind(Graph graph, Value value)
    {
        List<Value> inputs = [];
        HashSet<Value> seen = [];
        var open = new Stack<Value>([value]);
        while (open.TryPop(out Value? next))
        {
            if (next.Shape.HasRank || !seen.Add(next))
                continue;
            if (graph.Inputs.Contains(next))
                inputs.Add(next);
            foreach (Value input in next.Producer?.Inputs.OfType<Value>() ?? [])
                open.Push(input);
        }

        return inputs;
    }
}
