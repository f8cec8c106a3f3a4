using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Converter.Ops;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Normalization: with statistics of the training (batch), of the input itself (layer, group, unit, root mean square), or of a data set.</summary>
internal static class Normalization
{
    private const float LeastSquareSum = 1e-12f, LeastDeviation = 1e-7f;

    /// <summary>x * m + (beta - mean * m), with m = gamma * rsqrt(variance + epsilon); all but the outer MUL and ADD folds away.</summary>
    public static Value[] Batch(LayerContext context)
    {
        Value x = context.X;
        int[] axes = Axes(context, x, -1);
        bool scales = context.Config.Flag("scale", absent: true), centers = context.Config.Flag("center", absent: true);
        int first = (scales ? 1 : 0) + (centers ? 1 : 0);
        Value variance = Parameter(context, x, first + 1, "moving_variance", axes), mean = Parameter(context, x, first, "moving_mean", axes);
        Value multiplier = context.Emit(BuiltinOperator.Rsqrt, context.F.Add(variance, context.Number(context.Config.Number("epsilon", 1e-3f))));
        if (scales)
            multiplier = context.F.Mul(multiplier, Parameter(context, x, 0, "gamma", axes));
        Value shift = context.F.Mul(mean, multiplier);
        shift = centers ? context.F.Sub(Parameter(context, x, scales ? 1 : 0, "beta", axes), shift) : context.F.Neg(shift);
        return [context.F.Add(context.F.Mul(x, multiplier), shift)];
    }

    public static Value[] Layer(LayerContext context)
    {
        Value x = context.X;
        int[] axes = Axes(context, x, -1);
        float epsilon = context.Config.Number("epsilon", 1e-3f);
        if (context.Config.Flag("rms_scaling"))
            return [context.F.Mul(ScaledByDeviation(context, x, axes, epsilon), Parameter(context, x, 0, "gamma", axes))];
        return [Scaled(context, x, Standardized(context, x, axes, epsilon), axes)];
    }

    /// <summary>Channels in groups, each with its own statistics.</summary>
    public static Value[] Group(LayerContext context)
    {
        Value x = context.X;
        int axis = context.Axis(x, context.Config.Integer("axis", -1)), channels = context.Length(x, axis), groups = context.Config.Integer("groups", 32);
        groups = groups == -1 ? channels : groups;
        if (groups < 1 || channels % groups != 0)
            throw new LayerException($"{channels} channels do not divide into {groups} groups");
        Extent[] shape = Extent.All(x);
        Value grouped = context.Arrange.Reshape(x, [.. shape[..axis], groups, channels / groups, .. shape[(axis + 1)..]]);
        int[] axes = [.. Enumerable.Range(1, x.Shape.Rank).Where(other => other != axis)];
        Value standardized = context.Arrange.Reshape(Standardized(context, grouped, axes, context.Config.Number("epsilon", 1e-3f)), shape);
        return [Scaled(context, x, standardized, [axis])];
    }

    /// <summary>Every vector along the axes gets the length 1.</summary>
    public static Value[] Unit(LayerContext context) => [ToUnit(context, context.X, Axes(context, context.X, -1))];

    public static Value ToUnit(LayerContext context, Value x, int[] axes)
    {
        Value squares = context.Reduce(BuiltinOperator.Sum, context.F.Square(x), axes, keepDims: true);
        return context.F.Mul(x, context.Emit(BuiltinOperator.Rsqrt, context.F.Max(squares, context.Number(LeastSquareSum))));
    }

    public static Value[] Rms(LayerContext context)
    {
        Value x = context.X;
        int[] axes = Axes(context, x, -1);
        return [context.F.Mul(RootMeanSquare(context, x, axes, context.Config.Number("epsilon", 1e-6f)), Parameter(context, x, 0, "scale", axes))];
    }

    /// <summary>A factor for each channel.</summary>
    public static Value[] LayerScale(LayerContext context) => [context.F.Mul(context.X, context.Weight(0, "gamma", context.Length(context.X, ^1)))];

    /// <summary>Mean and variance are in the configuration, or were adapted to a data set.</summary>
    public static Value[] Adapted(LayerContext context)
    {
        Value x = context.X;
        int[] axes = context.Config.IsNull("axis") ? [] : Axes(context, x, -1);
        bool isGiven = context.Config.Has("mean");
        Value mean = isGiven ? Given(context, x, "mean", axes) : Parameter(context, x, 0, "mean", axes);
        Value variance = isGiven ? Given(context, x, "variance", axes) : Parameter(context, x, 1, "variance", axes);
        Value deviation = context.F.Max(context.F.Sqrt(variance), context.Number(LeastDeviation));
        return [context.Config.Flag("invert") ? context.F.Add(mean, context.F.Mul(x, deviation)) : context.F.Div(context.F.Sub(x, mean), deviation)];
    }

    /// <summary>The kernel as training left it: the layer within is called as it is.</summary>
    public static Value[] Spectral(LayerContext context) =>
        [.. InnerLayer.Call(context, KerasObject.Of(context.Config.Of("layer")), "layer", context.Weights.Within("layer"), context.X)];

    public static WeightLayout BatchWeights(KerasObject layer) => new(ScaleCount(layer), 2);

    public static WeightLayout ScaleWeights(KerasObject layer) => new(ScaleCount(layer));

    public static WeightLayout AdaptedWeights(KerasObject layer) => new(0, layer.Config.Has("mean") ? 0 : 3);

    public static WeightLayout SpectralWeights(KerasObject layer) => new(0, 1) { Within = [("layer", LayerLayouts.Of(KerasObject.Of(layer.Config.Of("layer"))))] };

    private static int ScaleCount(KerasObject layer) =>
        layer.Config.Flag("rms_scaling") ? 1 : (layer.Config.Flag("scale", absent: true) ? 1 : 0) + (layer.Config.Flag("center", absent: true) ? 1 : 0);

    private static Value Scaled(LayerContext context, Value x, Value normalized, int[] axes)
    {
        bool scales = context.Config.Flag("scale", absent: true);
        if (scales)
            normalized = context.F.Mul(normalized, Parameter(context, x, 0, "gamma", axes));
        return context.Config.Flag("center", absent: true) ? context.F.Add(normalized, Parameter(context, x, scales ? 1 : 0, "beta", axes)) : normalized;
    }

    private static Value Standardized(LayerContext context, Value x, int[] axes, float epsilon)
    {
        Value mean = context.Reduce(BuiltinOperator.Mean, x, axes, keepDims: true);
        return context.F.Mul(context.F.Sub(x, mean), InverseDeviation(context, x, mean, axes, epsilon));
    }

    private static Value InverseDeviation(LayerContext context, Value x, Value mean, int[] axes, float epsilon)
    {
        Value variance = context.Reduce(BuiltinOperator.Mean, context.Emit(BuiltinOperator.SquaredDifference, x, mean), axes, keepDims: true);
        return context.Emit(BuiltinOperator.Rsqrt, context.F.Add(variance, context.Number(epsilon)));
    }

    /// <summary>What Keras calls rms_scaling divides by the deviation about the mean, and leaves the mean where it is.</summary>
    private static Value ScaledByDeviation(LayerContext context, Value x, int[] axes, float epsilon)
    {
        Value mean = context.Reduce(BuiltinOperator.Mean, x, axes, keepDims: true);
        return context.F.Mul(x, InverseDeviation(context, x, mean, axes, epsilon));
    }

    private static Value RootMeanSquare(LayerContext context, Value x, int[] axes, float epsilon)
    {
        Value mean = context.Reduce(BuiltinOperator.Mean, context.F.Square(x), axes, keepDims: true);
        return context.F.Mul(x, context.Emit(BuiltinOperator.Rsqrt, context.F.Add(mean, context.Number(epsilon))));
    }

    private static int[] Axes(LayerContext context, Value x, int absent) =>
        [.. (context.Config.Has("axis") ? context.Config.Integers("axis") : [absent]).Select(axis => context.Axis(x, axis)).Distinct().Order()];

    /// <summary>A weight with one length for each of the axes, in the shape that meets the input.</summary>
    private static Value Parameter(LayerContext context, Value x, int number, string name, int[] axes)
    {
        Value weight = context.Weights.Own(number, $"{context.Name}/{name}") ?? throw new LayerException($"the file has no '{name}' for it");
        return Broadcast(context, x, WeightForms.AsFloat(weight), name, axes);
    }

    private static Value Given(LayerContext context, Value x, string name, int[] axes)
    {
        float[] numbers = context.Config.Numbers(name);
        int[] wanted = [.. axes.Select(axis => context.Length(x, axis))];
        if (numbers.Length == 1 && wanted.Length > 0)
            numbers = [.. Enumerable.Repeat(numbers[0], wanted.Aggregate(1, (product, length) => checked(product * length)))];
        return Broadcast(context, x, ConstantData.Of($"{context.Name}/{name}", [numbers.Length], numbers), name, axes);
    }

    private static Value Broadcast(LayerContext context, Value x, Value weight, string name, int[] axes)
    {
        int[] shape = [.. Enumerable.Repeat(1, x.Shape.Rank)];
        foreach (int axis in axes)
            shape[axis] = context.Length(x, axis);
        int count = shape.Aggregate(1, (product, length) => checked(product * length));
        if (weight.Shape.ElementCount != count)
            throw new LayerException($"its '{name}' has the shape {weight.Shape}, and its input {x.Shape} wants {count} numbers along the axes {string.Join(',', axes)}");
        bool isLast = axes is [int only] && only == x.Shape.Rank - 1;
        return ConstantData.Reshaped(weight, isLast ? [count] : shape);
    }
}
