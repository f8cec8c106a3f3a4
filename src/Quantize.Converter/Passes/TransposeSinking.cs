using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>
/// Moves transpositions behind the operators that do not mind the order of dimensions, and merges two that meet: around a graph with channels first they cancel, and
/// only those at its edges remain.
/// </summary>
internal static class TransposeSinking
{
    private static readonly HashSet<BuiltinOperator> s_unary =
    [
        BuiltinOperator.Abs, BuiltinOperator.Cast, BuiltinOperator.Ceil, BuiltinOperator.Cos, BuiltinOperator.Elu, BuiltinOperator.Exp, BuiltinOperator.Floor, BuiltinOperator.Gelu,
        BuiltinOperator.HardSwish, BuiltinOperator.LeakyRelu, BuiltinOperator.Log, BuiltinOperator.Logistic, BuiltinOperator.Neg, BuiltinOperator.Relu, BuiltinOperator.Relu6,
        BuiltinOperator.ReluN1To1, BuiltinOperator.Round, BuiltinOperator.Rsqrt, BuiltinOperator.Sign, BuiltinOperator.Sin, BuiltinOperator.Sqrt, BuiltinOperator.Square, BuiltinOperator.Tanh,
    ];

    private static readonly HashSet<BuiltinOperator> s_binary =
    [
        BuiltinOperator.Add, BuiltinOperator.Div, BuiltinOperator.Maximum, BuiltinOperator.Minimum, BuiltinOperator.Mul, BuiltinOperator.Prelu, BuiltinOperator.SquaredDifference,
        BuiltinOperator.Sub,
    ];

    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
            changed |= Merge(node) || Sink(graph, node);
        return changed;
    }

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
        Value[] moving = [.. node.Inputs.OfType<Value>().Where(input => Source(input) is not null)];
        if (moving.Length == 0 || node.Outputs.Count != 1 || graph.IsOutput(node.Output))
            return false;
        int[] permutation = PermutationOf(moving[0].Producer!)!;
        bool same = moving.All(value => PermutationOf(value.Producer!)!.SequenceEqual(permutation) && graph.IsReadOnlyBy(value, node));
        if (!same || Inputs(node, permutation) is not { } inputs)
            return false;
        Behind(graph, node, inputs, permutation);
        return true;
    }

    /// <summary>The node's inputs in the order before the transposition; null where it minds.</summary>
    private static Value?[]? Inputs(Node node, int[] permutation)
    {
        if (s_unary.Contains(node.Code))
            return [Source(node.Input(0)!)];
        if (s_binary.Contains(node.Code))
            return All([Operand(node.Input(0)!, permutation), Operand(node.Input(1)!, permutation)]);
        return node.Code switch
        {
            BuiltinOperator.AddN or BuiltinOperator.Concatenation => All([.. node.Inputs.Select(input => Source(input!))]),
            BuiltinOperator.Pad or BuiltinOperator.Padv2 => Padded(node, permutation),
            BuiltinOperator.Mean or BuiltinOperator.Sum or BuiltinOperator.ReduceMax or BuiltinOperator.ReduceMin when node.OptionsAs<ReducerOptions>().KeepDims => Reduced(node, permutation),
            _ => null,
        };
    }

    private static Value?[]? All(Value?[] inputs) => Array.TrueForAll(inputs, input => input is not null) ? inputs : null;

    /// <summary>What the transposition is of, or a constant in the order it had before it.</summary>
    private static Value? Operand(Value value, int[] permutation)
    {
        if (Source(value) is { } source)
            return source;
        if (!value.IsConstant || value.Shape.Rank > permutation.Length)
            return null;
        if (value.Shape.Rank == 0)
            return value;
        int[] shape = [.. Enumerable.Repeat(1, permutation.Length - value.Shape.Rank), .. value.Shape.ToArray()];
        return ConstantData.Transposed(ConstantData.Reshaped(value, shape), Inverse(permutation));
    }

    private static Value?[]? Padded(Node node, int[] permutation)
    {
        if (node.Input(1) is not { IsConstant: true } widths)
            return null;
        long[] amounts = ConstantData.Integers(widths);
        int[] inverse = Inverse(permutation);
        int[] moved = [.. inverse.SelectMany(axis => amounts[(2 * axis)..(2 * axis + 2)]).Select(amount => (int)amount)];
        Value paddings = ConstantData.Reshaped(ConstantData.Of(widths.Name, moved), permutation.Length, 2);
        return node.Code == BuiltinOperator.Pad ? [Source(node.Input(0)!), paddings] : [Source(node.Input(0)!), paddings, node.Input(2)];
    }

    private static Value?[]? Reduced(Node node, int[] permutation)
    {
        if (node.Input(1) is not { IsConstant: true } axes)
            return null;
        int[] moved = [.. ConstantData.Integers(axes).Select(axis => permutation[axis < 0 ? axis + permutation.Length : axis]).Order()];
        return [Source(node.Input(0)!), ConstantData.Of(axes.Name, moved)];
    }

    /// <summary>The node computes in the old order, and the transposition follows it.</summary>
    private static void Behind(Graph graph, Node node, Value?[] inputs, int[] permutation)
    {
        OperatorOptions options = node.Options is ConcatenationOptions joined
            ? joined with { Axis = permutation[joined.Axis < 0 ? joined.Axis + permutation.Length : joined.Axis] }
            : node.Options;
        Value result = node.Output;
        var computed = new Value($"{node.Name}/moved", result.Type, Shape.Unknown);
        var moved = new Node(node.Name, node.Code, options, inputs, [computed]);
        int place = graph.Nodes.IndexOf(node);
        node.ClearInputs();
        graph.Nodes[place] = moved;
        ShapeInference.Infer(moved);
        graph.Nodes.Insert(place + 1, new Node($"{node.Name}/transpose", BuiltinOperator.Transpose, new NoOptions(OptionsType.TransposeOptions), [computed, ConstantData.Of($"{node.Name}/permutation", permutation)], [result]));
    }

    private static Value? Source(Value value) => value.Producer is { } producer && PermutationOf(producer) is not null ? producer.Input(0) : null;

    private static int[]? PermutationOf(Node node) => node.Code == BuiltinOperator.Transpose && node.Input(1) is { IsConstant: true } constant
        ? [.. ConstantData.Integers(constant).Select(axis => (int)axis)]
        : null;

    private static int[] Inverse(int[] permutation)
    {
        var inverse = new int[permutation.Length];
        for (int i = 0; i < inverse.Length; i++)
            inverse[permutation[i]] = i;
        return inverse;
    }
}
