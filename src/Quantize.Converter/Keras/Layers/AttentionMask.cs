using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Which steps of the values each step of the query may look at: bool masks that broadcast to [batch, query steps, value steps].</summary>
internal static class AttentionMask
{
    /// <summary>What a mask leaves out gets so little that no share is left for it.</summary>
    private const float Masked = -1e9f;

    public static Value? And(LayerContext context, params ReadOnlySpan<Value?> masks)
    {
        Value? all = null;
        foreach (Value? mask in masks)
            all = all is null ? mask : mask is null ? all : context.Emit(BuiltinOperator.LogicalAnd, all, mask);
        return all;
    }

    /// <summary>[batch, steps] with a 1 in the place of the query's steps (-2), or of the values' (-1).</summary>
    public static Value? Along(LayerContext context, Value? mask, int axis) =>
        mask is null ? null : context.Call("ExpandDims", [context.F.Cast(mask, TensorType.Bool), ConstantData.Scalar($"{context.Name}/axis", axis)]);

    /// <summary>No step looks at a later one.</summary>
    public static Value Causal(LayerContext context, Value query, Value value) => context.Emit(BuiltinOperator.GreaterEqual, Steps(context, query, 2), Steps(context, value, 1));

    /// <summary>No step looks further than the window.</summary>
    public static Value Near(LayerContext context, Value query, Value value, int window)
    {
        Value distance = context.F.Abs(context.F.Sub(Steps(context, query, 2), Steps(context, value, 1)));
        return context.Emit(BuiltinOperator.Less, distance, context.Number(window));
    }

    /// <summary>The scores with what the mask leaves out far below the others.</summary>
    public static Value Apply(LayerContext context, Value scores, Value? mask)
    {
        if (mask is null)
            return scores;
        Value excluded = context.F.Sub(context.Number(1), context.AsFloat(mask));
        return context.F.Add(scores, context.F.Mul(excluded, context.Number(Masked)));
    }

    /// <summary>Shares that are 0 where the mask leaves something out, also where it leaves out all.</summary>
    public static Value Cleared(LayerContext context, Value shares, Value mask) => context.F.Mul(shares, context.AsFloat(mask));

    /// <summary>0, 1, 2... as floats in the shape [1, steps, 1] or [1, 1, steps].</summary>
    private static Value Steps(LayerContext context, Value sequence, int rank)
    {
        Extent count = Extent.Of(sequence, 1);
        Value steps = count.IsKnown
            ? ConstantData.Of($"{context.Name}/steps", [count.Number], [.. Enumerable.Range(0, count.Number).Select(i => (float)i)])
            : context.AsFloat(context.Call("Range", [Number(0), context.Arrange.Scalar(count), Number(1)]));
        return rank == 2 ? context.Arrange.Reshape(steps, 1, count, 1) : context.Arrange.Reshape(steps, 1, 1, count);

        Value Number(int number) => context.F.Number(TensorType.Int32, number);
    }
}
