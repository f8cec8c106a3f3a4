using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>
/// An operator as it stands before the transposition of its operands instead of behind it: <paramref name="Inputs"/> and <paramref name="Options"/> in the old order of
/// dimensions, the permutation that its result needs then, and reshapes of operands that have nothing but ones to move.
/// </summary>
internal sealed record TransposedForm(Value?[] Inputs, OperatorOptions Options, int[] Permutation, IReadOnlyList<Node> Reshapes)
{
    private static readonly Dictionary<BuiltinOperator, Func<Node, int[], TransposedForm?>> s_forms = new()
    {
        [BuiltinOperator.Abs] = Unary,
        [BuiltinOperator.Add] = Binary,
        [BuiltinOperator.AddN] = Several,
        [BuiltinOperator.ArgMax] = Reduced,
        [BuiltinOperator.ArgMin] = Reduced,
        [BuiltinOperator.Cast] = Unary,
        [BuiltinOperator.Ceil] = Unary,
        [BuiltinOperator.Concatenation] = Several,
        [BuiltinOperator.Cos] = Unary,
        [BuiltinOperator.Dequantize] = Unary,
        [BuiltinOperator.Div] = Binary,
        [BuiltinOperator.Elu] = Unary,
        [BuiltinOperator.Exp] = Unary,
        [BuiltinOperator.FakeQuant] = Unary,
        [BuiltinOperator.Floor] = Unary,
        [BuiltinOperator.Gelu] = Unary,
        [BuiltinOperator.HardSwish] = Unary,
        [BuiltinOperator.LeakyRelu] = Unary,
        [BuiltinOperator.Log] = Unary,
        [BuiltinOperator.Logistic] = Unary,
        [BuiltinOperator.Maximum] = Binary,
        [BuiltinOperator.Mean] = Reduced,
        [BuiltinOperator.Minimum] = Binary,
        [BuiltinOperator.MirrorPad] = Padded,
        [BuiltinOperator.Mul] = Binary,
        [BuiltinOperator.Neg] = Unary,
        [BuiltinOperator.Pad] = Padded,
        [BuiltinOperator.Padv2] = Padded,
        [BuiltinOperator.Pow] = Binary,
        [BuiltinOperator.Prelu] = Binary,
        [BuiltinOperator.Quantize] = Unary,
        [BuiltinOperator.ReduceMax] = Reduced,
        [BuiltinOperator.ReduceMin] = Reduced,
        [BuiltinOperator.ReduceProd] = Reduced,
        [BuiltinOperator.Relu] = Unary,
        [BuiltinOperator.Relu6] = Unary,
        [BuiltinOperator.ReluN1To1] = Unary,
        [BuiltinOperator.Round] = Unary,
        [BuiltinOperator.Rsqrt] = Unary,
        [BuiltinOperator.Sign] = Unary,
        [BuiltinOperator.Sin] = Unary,
        [BuiltinOperator.Sqrt] = Unary,
        [BuiltinOperator.Square] = Unary,
        [BuiltinOperator.SquaredDifference] = Binary,
        [BuiltinOperator.StridedSlice] = Sliced,
        [BuiltinOperator.Sub] = Binary,
        [BuiltinOperator.Sum] = Reduced,
        [BuiltinOperator.Tanh] = Unary,
    };

    /// <summary>Null where the operator minds the order.</summary>
    public static TransposedForm? Of(Node node, int[] permutation) => s_forms.TryGetValue(node.Code, out Func<Node, int[], TransposedForm?>? form) ? form(node, permutation) : null;

    /// <summary>Forgets the reshapes, which nothing will read.</summary>
    public void Discard()
    {
        foreach (Node reshape in Reshapes)
            reshape.ClearInputs();
    }

    public static int[] Inverse(int[] permutation)
    {
        var inverse = new int[permutation.Length];
        for (int i = 0; i < inverse.Length; i++)
            inverse[permutation[i]] = i;
        return inverse;
    }

    /// <summary>True where dimensions other than 1 keep their order: the elements do not move.</summary>
    public static bool MovesOnlyOnes(Shape shape, int[] permutation) =>
        permutation.Where(axis => shape[axis] != 1).SequenceEqual(permutation.Where(axis => shape[axis] != 1).Order());

    private static TransposedForm Unary(Node node, int[] permutation) => new([Source(node.Input(0)!), .. node.Inputs.Skip(1)], node.Options, permutation, []);

    private static TransposedForm? Binary(Node node, int[] permutation)
    {
        List<Node> reshapes = [];
        Value?[] operands = [.. node.Inputs.Select(input => Operand(node, input!, permutation, reshapes))];
        return Array.TrueForAll(operands, operand => operand is not null) ? new TransposedForm(operands, node.Options, permutation, reshapes) : null;
    }

    private static TransposedForm? Several(Node node, int[] permutation)
    {
        Value?[] operands = [.. node.Inputs.Select(input => Source(input!) ?? (input!.IsConstant && input.Shape.Rank == permutation.Length ? ConstantData.Transposed(input, Inverse(permutation)) : null))];
        OperatorOptions options = node.Options is ConcatenationOptions joined
            ? joined with { Axis = permutation[joined.Axis < 0 ? joined.Axis + permutation.Length : joined.Axis] }
            : node.Options;
        return Array.TrueForAll(operands, operand => operand is not null) ? new TransposedForm(operands, options, permutation, []) : null;
    }

    private static TransposedForm? Padded(Node node, int[] permutation)
    {
        if (Source(node.Input(0)!) is not { } source || node.Input(1) is not { IsConstant: true } widths)
            return null;
        long[] amounts = ConstantData.Integers(widths);
        int[] moved = [.. Inverse(permutation).SelectMany(axis => amounts[(2 * axis)..(2 * axis + 2)]).Select(amount => (int)amount)];
        return new TransposedForm([source, ConstantData.Reshaped(ConstantData.Of(widths.Name, moved), permutation.Length, 2), .. node.Inputs.Skip(2)], node.Options, permutation, []);
    }

    /// <summary>Axes that are reduced away leave the permutation too.</summary>
    private static TransposedForm? Reduced(Node node, int[] permutation)
    {
        if (Source(node.Input(0)!) is not { } source || node.Input(1) is not { IsConstant: true } axes)
            return null;
        int[] wanted = [.. ConstantData.Integers(axes).Select(axis => (int)(axis < 0 ? axis + permutation.Length : axis))];
        int[] moved = [.. wanted.Select(axis => permutation[axis]).Order()];
        Value constant = axes.Shape.Rank == 0 ? ConstantData.Scalar(axes.Name, moved[0]) : ConstantData.Of(axes.Name, moved);
        if (node.Options is ReducerOptions { KeepDims: true })
            return new TransposedForm([source, constant], node.Options, permutation, []);
        int[] kept = [.. Enumerable.Range(0, permutation.Length).Where(axis => !wanted.Contains(axis)).Select(axis => permutation[axis])];
        int[] ranked = [.. kept.Order()];
        return new TransposedForm([source, constant], node.Options, [.. kept.Select(axis => Array.IndexOf(ranked, axis))], []);
    }

    /// <summary>Begins, ends, strides and their masks for every dimension.</summary>
    private static TransposedForm? Sliced(Node node, int[] permutation)
    {
        var options = node.OptionsAs<StridedSliceOptions>();
        bool isPlain = (options.EllipsisMask | options.NewAxisMask | options.ShrinkAxisMask) == 0 && !options.Offset
            && node.Inputs.Skip(1).All(input => input is { IsConstant: true } && input.Shape.ElementCount == permutation.Length);
        if (!isPlain || Source(node.Input(0)!) is not { } source)
            return null;
        int[] inverse = Inverse(permutation);
        Value Moved(Value numbers)
        {
            long[] all = ConstantData.Integers(numbers);
            return ConstantData.Of(numbers.Name, [.. inverse.Select(axis => (int)all[axis])]);
        }

        int Mask(int mask) => Enumerable.Range(0, inverse.Length).Sum(axis => (mask >> inverse[axis] & 1) << axis);
        StridedSliceOptions moved = options with { BeginMask = Mask(options.BeginMask), EndMask = Mask(options.EndMask) };
        return new TransposedForm([source, .. node.Inputs.Skip(1).Select(input => Moved(input!))], moved, permutation, []);
    }

    /// <summary>What the transposition is of; or another operand in the order that it had before: a constant, or one that has nothing but ones to move.</summary>
    private static Value? Operand(Node node, Value value, int[] permutation, List<Node> reshapes)
    {
        if (Source(value) is { } source)
            return source;
        if (value.Shape is not { HasRank: true } own || own.Rank > permutation.Length)
            return null;
        if (own.Rank == 0)
            return value;
        int[] inverse = Inverse(permutation);
        Shape whole = Shape.Of([.. Enumerable.Repeat((Dimension)1, permutation.Length - own.Rank), .. own.Dimensions]);
        if (value.IsConstant)
            return ConstantData.Transposed(ConstantData.Reshaped(value, whole.ToArray()), inverse);
        int[] shape = [.. inverse.Select(axis => whole[axis].IsKnown ? whole[axis].Value : -1)];
        if (!MovesOnlyOnes(whole, inverse) || shape.Count(dimension => dimension < 0) > 1)
            return null;
        var reshape = new Node($"{value.Name}/last", BuiltinOperator.Reshape, new ReshapeOptions(), [value, ConstantData.Of($"{node.Name}/shape", shape)], [new Value($"{value.Name}/last", value.Type, Shape.Unknown)]);
        ShapeInference.Infer(reshape);
        reshapes.Add(reshape);
        return reshape.Output;
    }

    private static Value? Source(Value value) => value.Producer is { } producer && TransposeSinking.PermutationOf(producer) is not null ? producer.Input(0) : null;
}
