using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>
/// Moves transpositions behind the operators that do not mind the order of dimensions, and merges two that meet: around a graph with channels first they cancel, and
/// only those at its edges remain. Where one transposition is gone for the one that follows, it moves at once; one that others read too moves where all of them let it
/// through.
/// </summary>
internal static class TransposeSinking
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
            changed |= Merge(node) || Sink(graph, node);
        return changed;
    }

    public static int[]? PermutationOf(Node node) => node.Code == BuiltinOperator.Transpose && node.Input(1) is { IsConstant: true } constant
        ? [.. ConstantData.Integers(constant).Select(axis => (int)axis)]
        : null;

    /// <summary>Two in a row are one, by the product of their permutations.</summary>
    private static bool Merge(Node second)
    {
        if (PermutationOf(second) is not { } outer || second.Input(0)!.Producer is not { } first || PermutationOf(first) is not { } inner)
            return false;
        second.SetInput(0, first.Input(0));
        second.SetInput(1, ConstantData.Of($"{second.Name}/permutation", [.. outer.Select(axis => inner[axis])]));
        return true;
    }

    private static bool Sink(Graph graph, Node node)
    {
        if (PermutationInFront(node) is not { } permutation || TransposedForm.Of(node, permutation) is not { } form)
            return false;
        Value[] transposed = [.. node.Inputs.OfType<Value>().Where(IsTransposed)];
        bool moves = transposed.Any(value => !graph.IsOutput(value) && value.Consumers.All(reader => reader == node))
            || transposed.All(value => !graph.IsOutput(value) && value.Consumers.All(reader => reader == node || LetsThrough(reader, permutation)));
        if (moves)
            Behind(graph, node, form);
        else
            form.Discard();
        return moves;
    }

    /// <summary>The one permutation that all transposed inputs have; null where there is none, or several.</summary>
    private static int[]? PermutationInFront(Node node)
    {
        int[][] all = [.. node.Inputs.OfType<Value>().Where(IsTransposed).Select(value => PermutationOf(value.Producer!)!)];
        return all.Length > 0 && node.Outputs.Count == 1 && node.Code != BuiltinOperator.Transpose && all.All(one => one.SequenceEqual(all[0])) ? all[0] : null;
    }

    private static bool LetsThrough(Node reader, int[] permutation)
    {
        if (PermutationOf(reader) is not null)
            return true;
        TransposedForm? form = PermutationInFront(reader) is { } own && own.SequenceEqual(permutation) ? TransposedForm.Of(reader, permutation) : null;
        form?.Discard();
        return form is not null;
    }

    private static bool IsTransposed(Value value) => value.Producer is { } producer && PermutationOf(producer) is not null;

    /// <summary>Dimension i of the result is dimension <paramref name="permutation"/>[i] of what is computed.</summary>
    private static QuantizationParameters? Moved(QuantizationParameters? quantization, int[] permutation) =>
        quantization is { PerChannel: true } ? quantization with { Axis = permutation[quantization.Axis] } : quantization;

    /// <summary>The node computes in the old order, and what is left of the transposition follows it.</summary>
    private static void Behind(Graph graph, Node node, TransposedForm form)
    {
        Value result = node.Output;
        bool isOrdered = form.Permutation.SequenceEqual(Enumerable.Range(0, form.Permutation.Length));
        int place = graph.Nodes.IndexOf(node);
        foreach (Node reshape in form.Reshapes)
            graph.Nodes.Insert(place++, reshape);
        Value computed = isOrdered ? result : new Value($"{node.Name}/moved", result.Type, Shape.Unknown) { Quantization = Moved(result.Quantization, form.Permutation) };
        var moved = new Node(node.Name, node.Code, form.Options, form.Inputs, [computed]);
        node.ClearInputs();
        graph.Nodes[place] = moved;
        ShapeInference.Infer(moved);
        if (isOrdered)
            return;
        Value permutation = ConstantData.Of($"{node.Name}/permutation", form.Permutation);
        graph.Nodes.Insert(place + 1, new Node($"{node.Name}/transpose", BuiltinOperator.Transpose, new NoOptions(OptionsType.TransposeOptions), [computed, permutation], [result]));
    }
}
