using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>
/// What a node gives to the graphs that it runs: a constant that stays what it is becomes a constant of theirs (so that weights are found where they are used), what
/// none of them reads is not given any more, and what a loop computes for nobody is not carried.
/// </summary>
internal static class CarriedTensors
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Code == BuiltinOperator.While)
                changed |= Loop(graph, node);
            else if (node.Code == BuiltinOperator.If)
                changed |= Branches(node);
        }

        return changed;
    }

    private static bool Branches(Node node)
    {
        bool changed = false;
        for (int i = node.Inputs.Count - 1; i > 0; i--)
        {
            Value argument = node.Input(i)!;
            foreach (Graph callee in argument.IsConstant ? node.Callees : [])
                Capture(callee, i - 1, argument);
            if (node.Callees.Any(callee => IsRead(callee, callee.Inputs[i - 1])))
                continue;
            foreach (Graph callee in node.Callees)
                callee.Inputs.RemoveAt(i - 1);
            node.RemoveInput(i);
            changed = true;
        }

        return changed;
    }

    private static bool Loop(Graph graph, Node loop)
    {
        (Graph condition, Graph body) = (loop.Callees[0], loop.Callees[1]);
        for (int i = 0; i < loop.Inputs.Count; i++)
        {
            if (body.Outputs[i] != body.Inputs[i] || graph.IsOutput(loop.Outputs[i]))
                continue;
            graph.ReplaceUses(loop.Outputs[i], loop.Input(i)!);
            if (loop.Input(i) is not { IsConstant: true } constant)
                continue;
            Capture(condition, i, constant);
            Capture(body, i, constant);
            body.Outputs[i] = body.Inputs[i];
        }

        bool[] needed = Needed(graph, loop);
        if (needed.All(one => one))
            return false;
        Drop(graph, loop, needed);
        return true;
    }

    private static void Capture(Graph callee, int input, Value constant) => callee.ReplaceUses(callee.Inputs[input], ConstantData.Copy(constant));

    /// <summary>A tensor is needed where the condition reads it, something behind the loop does, or the next value of one that is needed.</summary>
    private static bool[] Needed(Graph graph, Node loop)
    {
        (Graph condition, Graph body) = (loop.Callees[0], loop.Callees[1]);
        var needed = new bool[loop.Inputs.Count];
        for (int i = 0; i < needed.Length; i++)
            needed[i] = IsRead(condition, condition.Inputs[i]) || loop.Outputs[i].Consumers.Count > 0 || graph.IsOutput(loop.Outputs[i]);
        bool grows = true;
        while (grows)
        {
            HashSet<Value> behind = Behind(Enumerable.Range(0, needed.Length).Where(i => needed[i]).Select(i => body.Outputs[i]));
            grows = false;
            for (int i = 0; i < needed.Length; i++)
            {
                if (needed[i] || !behind.Contains(body.Inputs[i]))
                    continue;
                needed[i] = grows = true;
            }
        }

        return needed;
    }

    private static HashSet<Value> Behind(IEnumerable<Value> results)
    {
        HashSet<Value> seen = [];
        var open = new Stack<Value>(results);
        while (open.TryPop(out Value? value))
        {
            if (!seen.Add(value))
                continue;
            foreach (Value input in value.Producer?.Inputs.OfType<Value>() ?? [])
                open.Push(input);
        }

        return seen;
    }

    private static void Drop(Graph graph, Node loop, bool[] needed)
    {
        int[] kept = [.. Enumerable.Range(0, needed.Length).Where(i => needed[i])];
        foreach (Graph callee in loop.Callees)
        {
            Value[] inputs = [.. kept.Select(i => callee.Inputs[i])];
            callee.Inputs.Clear();
            callee.Inputs.AddRange(inputs);
        }

        Graph body = loop.Callees[1];
        Value[] outputs = [.. kept.Select(i => body.Outputs[i])];
        body.Outputs.Clear();
        body.Outputs.AddRange(outputs);
        DeadNodes.Run(body);
        var smaller = new Node(loop.Name, loop.Code, loop.Options, [.. kept.Select(i => loop.Input(i))], [.. kept.Select(i => loop.Outputs[i])]) { Callees = loop.Callees, Number = loop.Number };
        graph.Nodes[graph.Nodes.IndexOf(loop)] = smaller;
        loop.ClearInputs();
    }

    private static bool IsRead(Graph graph, Value input) => input.Consumers.Count > 0 || graph.IsOutput(input);
}
