using System.Globalization;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Ops;

namespace Quantize.Converter.Keras.Operations;

/// <summary>Sums of products.</summary>
internal static class Products
{
    /// <summary>Products of integers are computed in float32, and are integers again.</summary>
    public static Func<OperationCall, Value[]> Typed(Func<OperationCall, Value[]> product) => call =>
    {
        bool hasFloats = DataTypes.IsFloat(call.X.Type) || (call.OptionalOperand(1, "x2", "b", "y") is { } other && DataTypes.IsFloat(other.Type));
        return hasFloats ? product(call) : [.. product(call).Select(result => call.Context.F.Cast(result, Runtime.TensorType.Int32))];
    };

    public static Value[] MatMul(OperationCall call)
    {
        Value a = call.Context.AsFloat(call.Operand(0, "x1", "a")), b = call.Context.AsFloat(call.Operand(1, "x2", "b"));
        bool transposesA = call.Flag("transpose_a"), transposesB = call.Flag("transpose_b");
        if (a.Shape.Rank == 0 || b.Shape.Rank == 0)
            return [call.Context.F.Mul(a, b)];
        if (a.Shape.Rank == 2 && b.Shape.Rank == 2)
            return [call.Context.Call("MatMul", [a, b], ("transpose_a", transposesA), ("transpose_b", transposesB))];
        if (a.Shape.Rank > 1 && b.Shape.Rank > 1)
            return [call.Context.Call("BatchMatMulV2", [a, b], ("adj_x", transposesA), ("adj_y", transposesB))];
        string left = a.Shape.Rank == 1 ? "k" : "...k", right = b.Shape.Rank == 1 ? "k" : "...kj";
        return [Sum(call.Context, $"{left},{right}->{(a.Shape.Rank > 1 || b.Shape.Rank > 2 ? "..." : "")}{(b.Shape.Rank > 1 ? "j" : "")}", a, b)];
    }

    /// <summary>Products of more than two are those of the first two with the next: labels stay as long as somebody reads them.</summary>
    public static Value[] Einsum(OperationCall call)
    {
        LayerContext context = call.Context;
        Value[] operands = [.. context.Inputs.Select(input => input.Value)];
        if (context.PositionalCount > 1)
            operands = [.. Enumerable.Range(0, context.PositionalCount).Select(i => call.OptionalOperand(i)).OfType<Value>()];
        operands = [.. operands.Select(context.AsFloat)];
        string equation = call.Text("", "subscripts", "equation").Replace(" ", "", StringComparison.Ordinal);
        if (operands.Length < 3 || equation.Split("->") is not [string inputs, string output] || equation.Contains('.'))
            return [Sum(context, equation, operands)];
        string[] labels = inputs.Split(',');
        if (labels.Length != operands.Length)
            throw new LayerException($"its equation '{equation}' is for {labels.Length} operands, not {operands.Length}");
        (Value product, string have) = (operands[0], labels[0]);
        for (int i = 1; i < operands.Length; i++)
        {
            string wanted = $"{string.Concat(labels[(i + 1)..])}{output}";
            string kept = i == operands.Length - 1 ? output : string.Concat($"{have}{labels[i]}".Distinct().Where(wanted.Contains));
            product = Sum(context, $"{have},{labels[i]}->{kept}", product, operands[i]);
            have = kept;
        }

        return [product];
    }

    /// <summary>Sums over the last axes of the first operand and the first ones of the second, or over pairs of axes.</summary>
    public static Value[] TensorDot(OperationCall call)
    {
        Value a = call.Context.AsFloat(call.Operand(0, "x1", "a")), b = call.Context.AsFloat(call.Operand(1, "x2", "b"));
        (int[] ofA, int[] ofB) = Axes(call, a, b);
        if (ofA.Length != ofB.Length)
            throw new LayerException($"it sums over {ofA.Length} axes of one operand and {ofB.Length} of the other");
        char[] left = [.. Enumerable.Range(0, a.Shape.Rank).Select(axis => (char)('a' + axis))], right = [.. Enumerable.Range(0, b.Shape.Rank).Select(axis => (char)('n' + axis))];
        string output = string.Concat(left.Where((_, axis) => !ofA.Contains(axis))) + string.Concat(right.Where((_, axis) => !ofB.Contains(axis)));
        for (int i = 0; i < ofA.Length; i++)
            right[ofB[i]] = left[ofA[i]];
        return [Sum(call.Context, $"{new string(left)},{new string(right)}->{output}", a, b)];
    }

    /// <summary>Over the last axis of both.</summary>
    public static Value[] Inner(OperationCall call)
    {
        Value a = call.Context.AsFloat(call.Operand(0, "x1")), b = call.Context.AsFloat(call.Operand(1, "x2"));
        if (a.Shape.Rank == 0 || b.Shape.Rank == 0)
            return [call.Context.F.Mul(a, b)];
        string left = "abcdef"[..(a.Shape.Rank - 1)], right = "uvwxyz"[..(b.Shape.Rank - 1)];
        return [Sum(call.Context, string.Create(CultureInfo.InvariantCulture, $"{left}k,{right}k->{left}{right}"), a, b)];
    }

    /// <summary>Every element of one with every one of the other.</summary>
    public static Value[] Outer(OperationCall call)
    {
        Value a = call.Float, b = call.Context.AsFloat(call.Operand(1, "x2"));
        return [call.Context.F.Mul(call.Context.Arrange.Reshape(a, Count(a), 1), call.Context.Arrange.Reshape(b, 1, Count(b)))];

        static Extent Count(Value value) => Extent.All(value).Aggregate(Extent.One, (product, length) => product * length);
    }

    /// <summary>Queries, keys and values as [batch, steps, heads, size].</summary>
    public static Value[] Attention(OperationCall call)
    {
        LayerContext context = call.Context;
        Value query = context.AsFloat(call.Operand(0, "query")), key = context.AsFloat(call.Operand(1, "key")), value = context.AsFloat(call.Operand(2, "value"));
        float scale = call.Number(1 / MathF.Sqrt(context.Length(context.OfRank(query, 4), ^1)), "scale");
        Value scores = context.F.Mul(Sum(context, "btnh,bsnh->bnts", query, key), context.Number(scale));
        if (call.OptionalOperand(3, "bias") is { } bias)
            scores = context.F.Add(scores, context.AsFloat(bias));
        Value? mask = call.OptionalOperand(4, "mask") is { } given ? context.F.Cast(given, Runtime.TensorType.Bool) : null;
        if (call.Flag("is_causal"))
            mask = AttentionMask.And(context, mask, AttentionMask.Causal(context, query, key));
        Value shares = context.Call("Softmax", [AttentionMask.Apply(context, scores, mask)]);
        return [Sum(context, "bnts,bsnh->btnh", shares, value)];
    }

    private static (int[] OfA, int[] OfB) Axes(OperationCall call, Value a, Value b)
    {
        System.Text.Json.JsonElement given = call.Attribute("axes");
        if (given.ValueKind == System.Text.Json.JsonValueKind.Array && given.GetArrayLength() == 2)
            return (Of(a, given[0]), Of(b, given[1]));
        int count = call.Integer(2, "axes");
        return count >= 0 && count <= Math.Min(a.Shape.Rank, b.Shape.Rank)
            ? ([.. Enumerable.Range(a.Shape.Rank - count, count)], [.. Enumerable.Range(0, count)])
            : throw new LayerException($"it sums over {count} axes");

        int[] Of(Value value, System.Text.Json.JsonElement axes) => axes.ValueKind == System.Text.Json.JsonValueKind.Array
            ? [.. axes.EnumerateArray().Select(axis => Single(value, axis))]
            : [Single(value, axes)];

        int Single(Value value, System.Text.Json.JsonElement axis) => call.Context.Axis(value, LayerConfig.Whole(axis) ?? throw new LayerException($"its axes are {given.GetRawText()}"));
    }

    private static Value Sum(LayerContext context, string equation, params Value[] operands) => context.Call("Einsum", operands, ("equation", equation));
}
