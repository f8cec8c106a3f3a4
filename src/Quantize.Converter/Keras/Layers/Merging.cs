using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Layers of several inputs that are broadcast to each other, joined or multiplied.</summary>
internal static class Merging
{
    public static Value[] Add(LayerContext context) => Fold(context, context.F.Add);

    /// <summary>Where a mask leaves out steps of an input, the product is that of the others (from Keras 3.4 on), and 0 where it leaves them out of all.</summary>
    public static Value[] Multiply(LayerContext context)
    {
        Value?[] masks = context.IsSince(4) ? [.. context.Inputs.Select(input => Masks.Wide(context, input))] : [];
        if (masks.All(mask => mask is null))
            return Fold(context, context.F.Mul);
        Value[] factors = [.. context.Inputs.Select((_, i) => masks[i] is { } mask ? context.F.Select(mask, context.Float(i), context.Number(1)) : context.Float(i))];
        Value product = Fold(context, context.F.Mul, factors)[0];
        if (masks.Contains(null))
            return [product];
        Value kept = masks.OfType<Value>().Distinct().Aggregate((a, b) => context.Emit(BuiltinOperator.LogicalOr, a, b));
        return [context.F.Select(kept, product, context.Number(0))];
    }

    public static Value[] Maximum(LayerContext context) => Fold(context, context.F.Max);

    public static Value[] Minimum(LayerContext context) => Fold(context, context.F.Min);

    public static Value[] Subtract(LayerContext context) =>
        context.Inputs.Count == 2 ? Fold(context, context.F.Sub) : throw new LayerException($"it subtracts {context.Inputs.Count} tensors");

    public static Value[] Average(LayerContext context) => [context.F.Mul(context.AsFloat(Add(context)[0]), context.Number(1f / context.Inputs.Count))];

    public static Value[] Concatenate(LayerContext context)
    {
        bool areFloats = context.Inputs.Any(input => DataTypes.IsFloat(input.Type));
        Value[] parts = [.. context.Inputs.Select((input, i) => areFloats ? context.Float(i) : input.Value)];
        int axis = context.Axis(parts[0], context.Config.Integer("axis", -1));
        context.OutputMasks = [Masks.Joined(context, axis)];
        return [context.Arrange.Concatenate(axis, parts)];
    }

    /// <summary>Sums of products along one axis of each, for every member of the batch.</summary>
    public static Value[] Dot(LayerContext context)
    {
        Value a = context.Float(0), b = context.Float(1);
        int[] axes = context.Config.Integers("axes");
        (int first, int second) = (context.Axis(a, axes[0]), context.Axis(b, axes[^1]));
        if (context.Config.Flag("normalize"))
            (a, b) = (Normalization.ToUnit(context, a, [first]), Normalization.ToUnit(context, b, [second]));
        return [Product(context, a, b, first, second)];
    }

    public static Value Product(LayerContext context, Value a, Value b, int first, int second)
    {
        if (first == 0 || second == 0)
            throw context.Refuse("it multiplies along the batch");
        string left = Labels(a.Shape.Rank, first, 'c'), right = Labels(b.Shape.Rank, second, 'm');
        string rest = $"{left}{right}".Replace("a", "", StringComparison.Ordinal).Replace("b", "", StringComparison.Ordinal);
        Value product = context.Call("Einsum", [a, b], ("equation", $"{left},{right}->a{rest}"));
        return rest.Length > 0 ? product : context.Call("ExpandDims", [product, ConstantData.Scalar($"{context.Name}/axis", 1)]);
    }

    /// <summary>The batch is a, the axis to sum along b, the others are letters from the first one.</summary>
    private static string Labels(int rank, int summed, char first) =>
        string.Concat(Enumerable.Range(0, rank).Select(axis => axis == 0 ? 'a' : axis == summed ? 'b' : (char)(first + axis)));

    private static Value[] Fold(LayerContext context, Func<Value, Value, Value> combine) =>
        Fold(context, combine, [.. context.Inputs.Select((input, i) => DataTypes.IsFloat(input.Type) ? context.Float(i) : input.Value)]);

    private static Value[] Fold(LayerContext context, Func<Value, Value, Value> combine, Value[] operands)
    {
        if (context.Inputs.Count == 0)
            throw new LayerException("it is called with no tensors");
        context.OutputMasks = [Masks.Merged(context)];
        int rank = operands.Max(operand => operand.Shape.Rank);
        return [operands.Select(operand => Widened(context, operand, rank)).Aggregate(combine)];
    }

    /// <summary>Dimensions of 1 behind the batch.</summary>
    private static Value Widened(LayerContext context, Value operand, int rank)
    {
        while (operand.Shape.Rank < rank)
            operand = context.Call("ExpandDims", [operand, ConstantData.Scalar($"{context.Name}/axis", 1)]);
        return operand;
    }
}
