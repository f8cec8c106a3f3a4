using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Masks of layers with several inputs, and those that layers make.</summary>
internal static class Masks
{
    /// <summary>Keras 3 keeps what any input keeps, where all have a mask; Keras 2 what all keep that have one.</summary>
    public static Value? Merged(LayerContext context)
    {
        Value?[] masks = [.. context.Inputs.Select(input => input.Mask)];
        if (context.IsKeras3)
            return masks.Contains(null) ? null : masks.Aggregate((a, b) => a == b ? a : context.Emit(BuiltinOperator.LogicalOr, a, b));
        Value[] given = [.. masks.OfType<Value>().Distinct()];
        return given.Length == 0 ? null : given.Aggregate((a, b) => context.Emit(BuiltinOperator.LogicalAnd, a, b));
    }

    /// <summary>The mask of an input with a 1 in the place of its last dimension; null where it has none that fits.</summary>
    public static Value? Wide(LayerContext context, KerasTensor input) =>
        input.Mask is { } mask && mask.Shape.Rank == input.Value.Shape.Rank - 1
            ? context.Call("ExpandDims", [mask, ConstantData.Scalar($"{context.Name}/channel", -1)])
            : null;

    /// <summary>Masks are joined as their tensors are; a step counts if any of its elements does (Keras 3), or all (Keras 2).</summary>
    public static Value? Joined(LayerContext context, int axis)
    {
        if (context.Inputs.All(input => input.Mask is null))
            return null;
        Value[] wide = [.. context.Inputs.Select(input => Widened(context, input))];
        Value joined = context.Arrange.Concatenate(axis, wide);
        return context.Reduce(context.IsKeras3 ? BuiltinOperator.ReduceAny : BuiltinOperator.ReduceAll, joined, [-1], keepDims: false);
    }

    /// <summary>The mask for every element; all of them count where there is none.</summary>
    private static Value Widened(LayerContext context, KerasTensor input)
    {
        Value ones = context.Call("OnesLike", [input.Value]);
        Value all = context.Emit(BuiltinOperator.Equal, ones, ones);
        if (input.Mask is not { } mask)
            return all;
        Value wide = mask.Shape.Rank < input.Value.Shape.Rank ? context.Call("ExpandDims", [mask, ConstantData.Scalar($"{context.Name}/axis", -1)]) : mask;
        return context.Emit(BuiltinOperator.LogicalAnd, wide, all);
    }

    public static Value NotEqual(LayerContext context, Value x, float number) =>
        context.Emit(BuiltinOperator.NotEqual, x, x.Type == TensorType.Float32 ? context.Number(number) : context.F.Number(x.Type, (int)number));
}
