namespace Quantize.Converter.Keras;

/// <summary>
/// The order in which Keras 3 runs the calls of a functional model: those that are furthest from the outputs first. It matters because a layer may take the mask off a tensor that
/// others read too. The calls of one layer are as far away as the furthest that was met before.
/// </summary>
internal static class CallOrder
{
    public static IReadOnlyList<(string Layer, int Call)> Of(IEnumerable<(string Layer, int Call)> outputs, Func<(string Layer, int Call), IReadOnlyList<(string Layer, int Call)>> needs)
    {
        List<(string Layer, int Call)> met = [];
        Dictionary<(string Layer, int Call), int> depths = [];
        Dictionary<string, int> layerDepths = new(StringComparer.Ordinal);
        foreach ((string Layer, int Call) call in Enumerable.Reverse(Finished(outputs, needs)))
        {
            int depth = Math.Max(depths.GetValueOrDefault(call), layerDepths.GetValueOrDefault(call.Layer));
            layerDepths[call.Layer] = depth;
            Deepen(call, depth);
            foreach ((string Layer, int Call) need in needs(call))
                Deepen(need, depth + 1);
        }

        return [.. met.OrderByDescending(call => depths[call])];

        void Deepen((string Layer, int Call) call, int depth)
        {
            if (!depths.TryGetValue(call, out int before))
                met.Add(call);
            depths[call] = Math.Max(depth, before);
        }
    }

    /// <summary>Each call behind those that it needs; depth first, with a stack of its own: a chain of layers may be long.</summary>
    private static List<(string Layer, int Call)> Finished(IEnumerable<(string Layer, int Call)> outputs, Func<(string Layer, int Call), IReadOnlyList<(string Layer, int Call)>> needs)
    {
        List<(string Layer, int Call)> finished = [];
        HashSet<(string Layer, int Call)> begun = [];
        foreach ((string Layer, int Call) output in outputs)
        {
            var open = new Stack<Visit>();
            if (begun.Add(output))
                open.Push(new Visit(output, needs(output), 0));
            while (open.TryPop(out Visit visit))
            {
                int next = visit.Next;
                while (next < visit.Needs.Count && !begun.Add(visit.Needs[next]))
                    next++;
                if (next == visit.Needs.Count)
                {
                    finished.Add(visit.Call);
                    continue;
                }

                open.Push(visit with { Next = next + 1 });
                open.Push(new Visit(visit.Needs[next], needs(visit.Needs[next]), 0));
            }
        }

        return finished;
    }

    /// <summary>A call, and the first of its needs that was not looked at yet.</summary>
    private readonly record struct Visit((string Layer, int Call) Call, IReadOnlyList<(string Layer, int Call)> Needs, int Next);
}
