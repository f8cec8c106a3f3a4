using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Passes;

/// <summary>
/// Formulas that have a builtin: RELU, RELU6, RELU_N1_TO_1, HARD_SWISH, LEAKY_RELU, PRELU, L2_NORMALIZATION, SOFTMAX. The last operator of the formula becomes the builtin; the others die where
/// nothing else reads them.
/// </summary>
internal static class KnownFunctions
{
    /// <summary>What L2_NORMALIZATION takes for the smallest square sum.</summary>
    private const float LeastSquareSum = 1e-12f;

    private static readonly Func<Node, Found?>[] s_functions = [Clamp, HardSwish, LeakyRelu, Prelu, L2Normalization, Softmax];

    public static bool Run(Graph graph)
    {
        bool changed = false;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Node node = graph.Nodes[i];
            if (node.Outputs.Count != 1 || node.Output.Type != TensorType.Float32 || s_functions.Select(function => function(node)).FirstOrDefault(one => one is not null) is not { } found)
                continue;
            if (!found.Inputs[0].Shape.Equals(node.Output.Shape))
                continue;
            node.ClearInputs();
            graph.Nodes[i] = new Node(node.Name, found.Code, found.Options, found.Inputs, [node.Output]);
            changed = true;
        }

        return changed;
    }

    /// <summary>x * relu6(x + 3) / 6, whichever product is taken first.</summary>
    private static Found? HardSwish(Node node)
    {
        foreach (Value product in Scaled(node, 1 / 6f))
        {
            foreach ((Value gate, Value x) in Orders(product.Producer, BuiltinOperator.Mul))
            {
                if (Gated(gate) == x)
                    return new Found(BuiltinOperator.HardSwish, new NoOptions(OptionsType.HardSwishOptions), x);
            }
        }

        foreach ((Value x, Value scaled) in Orders(node, BuiltinOperator.Mul))
        {
            if (Scaled(scaled.Producer, 1 / 6f).Any(gate => Gated(gate) == x))
                return new Found(BuiltinOperator.HardSwish, new NoOptions(OptionsType.HardSwishOptions), x);
        }

        return null;
    }

    /// <summary>The x of relu6(x + 3).</summary>
    private static Value? Gated(Value gate)
    {
        Node? sum = gate.Producer is { Code: BuiltinOperator.Relu6 } relu ? relu.Input(0)!.Producer : gate.Producer;
        bool isClamped = gate.Producer is { Code: BuiltinOperator.Relu6 } ? Plain(sum) : sum?.Options is AddOptions { Activation: ActivationFunction.Relu6 };
        return isClamped && sum?.Code == BuiltinOperator.Add ? Both(sum).FirstOrDefault(pair => Number(pair.Item2) == 3).Item1 : null;
    }

    /// <summary>relu(x) plus alpha times what of x is negative: min(x, 0) or -relu(-x). One number for all is LEAKY_RELU's.</summary>
    private static Found? Prelu(Node node)
    {
        bool subtracts = node.Code == BuiltinOperator.Sub;
        foreach ((Value positive, Value negative) in subtracts ? Orders(node, BuiltinOperator.Sub).Take(1) : Orders(node, BuiltinOperator.Add))
        {
            if (positive.Producer is not { Code: BuiltinOperator.Relu } relu)
                continue;
            Value x = relu.Input(0)!;
            foreach ((Value factor, Value part) in Orders(negative.Producer, BuiltinOperator.Mul))
            {
                bool isTurned = IsNegativePart(part, x, turned: true);
                if (factor is not { IsConstant: true, Type: TensorType.Float32 } || (!isTurned && !IsNegativePart(part, x, turned: false)))
                    continue;
                Value alpha = isTurned == subtracts ? factor : Negated(factor);
                return Number(alpha) is { } one ? Leaky(x, one) : new Found(BuiltinOperator.Prelu, new NoOptions(), x, alpha);
            }
        }

        return null;
    }

    private static bool IsNegativePart(Value part, Value x, bool turned) => turned
        ? part.Producer is { Code: BuiltinOperator.Relu } below && below.Input(0)!.Producer is { Code: BuiltinOperator.Neg } negation && negation.Input(0) == x
        : Orders(part.Producer, BuiltinOperator.Minimum).Any(pair => pair.Item1 == x && Number(pair.Item2) == 0);

    /// <summary>max(x, alpha * x) for an alpha below 1.</summary>
    private static Found? LeakyRelu(Node node)
    {
        foreach ((Value x, Value scaled) in Orders(node, BuiltinOperator.Maximum))
        {
            if (Orders(scaled.Producer, BuiltinOperator.Mul).FirstOrDefault(pair => pair.Item1 == x).Item2 is { } factor && Number(factor) is > 0 and < 1 and { } alpha)
                return Leaky(x, alpha);
        }

        return null;
    }

    private static Found Leaky(Value x, float alpha) => new(BuiltinOperator.LeakyRelu, new LeakyReluOptions { Alpha = alpha }, x);

    private static Found? Clamp(Node node) =>
        Bounded(node, -1, 1) is { } one ? new Found(BuiltinOperator.ReluN1To1, new NoOptions(), one)
        : Bounded(node, 0, 6) is { } six ? new Found(BuiltinOperator.Relu6, new NoOptions(), six)
        : node.Code == BuiltinOperator.Maximum && Above(node, 0) is { } positive ? new Found(BuiltinOperator.Relu, new NoOptions(), positive)
        : null;

    /// <summary>The value that the node keeps between two numbers, whichever it looks at first.</summary>
    private static Value? Bounded(Node node, float low, float high) =>
        Above(Below(node, high)?.Producer, low) ?? Below(Above(node, low)?.Producer, high);

    private static Value? Above(Node? node, float low) =>
        low == 0 && node?.Code == BuiltinOperator.Relu ? node.Input(0) : Orders(node, BuiltinOperator.Maximum).FirstOrDefault(pair => Number(pair.Item2) == low).Item1;

    private static Value? Below(Node? node, float high) => Orders(node, BuiltinOperator.Minimum).FirstOrDefault(pair => Number(pair.Item2) == high).Item1;

    /// <summary>x * rsqrt(max(sum(x * x), 1e-12)) along the last axis.</summary>
    private static Found? L2Normalization(Node node)
    {
        foreach ((Value x, Value factor) in Orders(node, BuiltinOperator.Mul))
        {
            if (factor.Producer is not { Code: BuiltinOperator.Rsqrt } root)
                continue;
            foreach ((Value sum, Value least) in Orders(root.Input(0)!.Producer, BuiltinOperator.Maximum))
            {
                bool isSquared = sum.Producer is { Code: BuiltinOperator.Sum } reduction && IsAlongLast(reduction)
                    && reduction.Input(0)!.Producer is { Code: BuiltinOperator.Square or BuiltinOperator.Mul } square && square.Inputs.All(input => input == x);
                if (isSquared && Number(least) == LeastSquareSum)
                    return new Found(BuiltinOperator.L2Normalization, new L2NormOptions(), x);
            }
        }

        return null;
    }

    /// <summary>exp(x - max(x)) over its sum, along the last axis.</summary>
    private static Found? Softmax(Node node)
    {
        if (node.Code != BuiltinOperator.Div || !Plain(node) || node.Input(0)!.Producer is not { Code: BuiltinOperator.Exp } power)
            return null;
        bool isShare = node.Input(1)!.Producer is { Code: BuiltinOperator.Sum } sum && sum.Input(0) == node.Input(0) && IsAlongLast(sum);
        bool isShifted = power.Input(0)!.Producer is { Code: BuiltinOperator.Sub } shift && Plain(shift)
            && shift.Input(1)!.Producer is { Code: BuiltinOperator.ReduceMax } largest && largest.Input(0) == shift.Input(0) && IsAlongLast(largest);
        return isShare && isShifted ? new Found(BuiltinOperator.Softmax, new SoftmaxOptions { Beta = 1 }, power.Input(0)!.Producer!.Input(0)!) : null;
    }

    private static bool IsAlongLast(Node reduction) =>
        reduction.Options is ReducerOptions { KeepDims: true } && reduction.Input(1) is { IsConstant: true } axes && reduction.Input(0)!.Shape is { HasRank: true } shape
        && ConstantData.Integers(axes) is [long axis] && (axis == -1 || axis == shape.Rank - 1);

    /// <summary>The operands in both orders, where the node is that operator and nothing is fused behind it.</summary>
    private static IEnumerable<(Value, Value)> Orders(Node? node, BuiltinOperator code) => node?.Code == code && Plain(node) ? Both(node) : [];

    private static IEnumerable<(Value, Value)> Both(Node node)
    {
        if (node.Inputs is not [Value first, Value second])
            yield break;
        yield return (first, second);
        yield return (second, first);
    }

    /// <summary>What the node multiplies by the factor, or divides by its inverse.</summary>
    private static IEnumerable<Value> Scaled(Node? node, float factor)
    {
        foreach ((Value value, Value scale) in Orders(node, BuiltinOperator.Mul))
        {
            if (Number(scale) is { } number && Math.Abs(number - factor) < 1e-6f)
                yield return value;
        }

        if (node?.Code == BuiltinOperator.Div && Plain(node) && Number(node.Input(1)!) is { } divisor && Math.Abs(1 / divisor - factor) < 1e-6f)
            yield return node.Input(0)!;
    }

    private static bool Plain(Node? node) => node is not null && FusedActivation.Of(node.Options) is null or ActivationFunction.None;

    private static float? Number(Value value) => value is { IsConstant: true, Type: TensorType.Float32 } && ConstantData.Floats(value) is [float number] ? number : null;

    private static Value Negated(Value constant) => ConstantData.Of(constant.Name, constant.Shape.ToArray(), [.. ConstantData.Floats(constant).ToArray().Select(number => -number)]);

    private sealed record Found(BuiltinOperator Code, OperatorOptions Options, params Value[] Inputs);
}
