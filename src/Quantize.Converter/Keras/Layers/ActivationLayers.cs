using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Activations that are layers of their own, with attributes or weights.</summary>
internal static class ActivationLayers
{
    public static Value[] Named(LayerContext context) => [context.Activation(context.X)];

    public static Value[] Relu(LayerContext context)
    {
        LayerConfig config = context.Config;
        float? most = config.Has("max_value") ? config.Number("max_value", 0) : null;
        return [Relu(context, context.X, config.Number("negative_slope", 0), most, config.Number("threshold", 0))];
    }

    /// <summary>x from the threshold on, at most the greatest value; below the threshold what is missing to it, times the slope.</summary>
    public static Value Relu(LayerContext context, Value x, float slope, float? most, float threshold)
    {
        Value result = threshold != 0 ? Activations.Threshold(context, x, threshold, 0) : most == 6 ? context.Call("Relu6", [x]) : context.Call("Relu", [x]);
        if (most is { } bound && !(threshold == 0 && bound == 6))
            result = context.F.Min(result, context.Number(bound));
        if (slope == 0)
            return result;
        if (threshold == 0 && most is null)
            return Activations.LeakyRelu(context, x, slope);
        Value missing = context.Call("Relu", [context.F.Sub(context.Number(threshold), x)]);
        return context.F.Sub(result, context.F.Mul(missing, context.Number(slope)));
    }

    public static Value[] LeakyRelu(LayerContext context)
    {
        float slope = context.Config.Number("negative_slope", context.Config.Number("alpha", 0.3f));
        return [Activations.LeakyRelu(context, context.X, slope)];
    }

    public static Value[] Elu(LayerContext context) => [Activations.Elu(context, context.X, context.Config.Number("alpha", 1))];

    public static Value[] ThresholdedRelu(LayerContext context) => [Activations.Threshold(context, context.X, context.Config.Number("theta", 1), 0)];

    /// <summary>The slopes are weights in the shape of the input; dimensions that share one have a 1.</summary>
    public static Value[] Prelu(LayerContext context)
    {
        Value x = context.X;
        int[] shared = context.Config.Has("shared_axes") ? context.Config.Integers("shared_axes") : [];
        int[] shape = [.. Enumerable.Range(1, x.Shape.Rank - 1).Select(axis => shared.Contains(axis) ? 1 : context.Length(x, axis))];
        Value alpha = context.Weight(0, "alpha", shape);
        Value negative = context.F.Mul(context.Call("Relu", [context.F.Neg(x)]), alpha);
        return [context.F.Sub(context.Call("Relu", [x]), negative)];
    }

    /// <summary>Along one axis, or several as if they were one. What a mask leaves out gets nothing, even where it leaves out all (from Keras 3.10 on).</summary>
    public static Value[] Softmax(LayerContext context)
    {
        Value? mask = context.Argument(1, "mask").Tensor is { } given ? context.F.Cast(given.Value, TensorType.Bool) : null;
        int[] axes = context.Config.Has("axis") ? context.Config.Integers("axis") : [-1];
        Value shares = Shares(context, AttentionMask.Apply(context, context.X, mask), axes);
        return [mask is not null && context.IsSince(10) ? AttentionMask.Cleared(context, shares, mask) : shares];
    }

    private static Value Shares(LayerContext context, Value x, int[] axes)
    {
        if (axes is [int axis])
            return Activations.Softmax(context, x, axis);
        Value greatest = context.Reduce(BuiltinOperator.ReduceMax, x, axes, keepDims: true);
        Value power = context.F.Exp(context.F.Sub(x, greatest));
        return context.F.Div(power, context.Reduce(BuiltinOperator.Sum, power, axes, keepDims: true));
    }

    public static WeightLayout PreluWeights(KerasObject layer) => new(1);
}
