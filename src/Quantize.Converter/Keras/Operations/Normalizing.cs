using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Operations;

/// <summary>Normalization by given or computed statistics.</summary>
internal static class Normalizing
{
    private const float Epsilon = 1e-7f;

    public static Value[] Batch(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float;
        int axis = call.Axis(x, -1);
        Value inverse = Inverse(context, Along(call, x, axis, 2, "variance")!, call.Number(1e-3f, "epsilon"));
        if (Along(call, x, axis, 4, "scale") is { } scale)
            inverse = context.F.Mul(inverse, scale);
        Value shift = context.F.Neg(context.F.Mul(Along(call, x, axis, 1, "mean")!, inverse));
        if (Along(call, x, axis, 3, "offset") is { } offset)
            shift = context.F.Add(shift, offset);
        return [context.F.Add(context.F.Mul(x, inverse), shift)];
    }

    /// <summary>About the mean of the axes; what Keras calls rms_scaling leaves the mean where it is.</summary>
    public static Value[] Layer(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float;
        int[] axes = AxesOf(call, x);
        (Value mean, Value variance) = Statistics(context, x, axes);
        Value centered = call.Flag("rms_scaling") ? x : context.F.Sub(x, mean);
        Value result = context.F.Mul(centered, Inverse(context, variance, call.Number(Epsilon, "epsilon")));
        if (Over(call, x, axes, 1, "gamma") is { } gamma)
            result = context.F.Mul(result, gamma);
        return [!call.Flag("rms_scaling") && Over(call, x, axes, 2, "beta") is { } beta ? context.F.Add(result, beta) : result];
    }

    public static Value[] RootMeanSquare(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float;
        int[] axes = AxesOf(call, x);
        Value mean = context.Reduce(BuiltinOperator.Mean, context.F.Square(x), axes, keepDims: true);
        Value result = context.F.Mul(x, Inverse(context, mean, call.Number(Epsilon, "epsilon")));
        return [Over(call, x, axes, 1, "scale") is { } scale ? context.F.Mul(result, scale) : result];
    }

    /// <summary>Mean and variance.</summary>
    public static Value[] Moments(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float;
        int[] axes = call.Axes(x);
        (Value mean, Value variance) = Statistics(context, x, axes);
        if (call.Flag("keepdims"))
            return [mean, variance];
        (string, object) dropped = ("squeeze_dims", axes.Select(axis => (long)axis).ToArray());
        return [context.Call("Squeeze", [mean], dropped), context.Call("Squeeze", [variance], dropped)];
    }

    private static (Value Mean, Value Variance) Statistics(LayerContext context, Value x, int[] axes)
    {
        Value mean = context.Reduce(BuiltinOperator.Mean, x, axes, keepDims: true);
        return (mean, context.Reduce(BuiltinOperator.Mean, context.Emit(BuiltinOperator.SquaredDifference, x, mean), axes, keepDims: true));
    }

    private static Value Inverse(LayerContext context, Value variance, float epsilon) => context.Emit(BuiltinOperator.Rsqrt, context.F.Add(variance, context.Number(epsilon)));

    private static int[] AxesOf(OperationCall call, Value x) => [.. (call.Integers("axis") ?? [-1]).Select(axis => call.Context.Axis(x, axis)).Distinct().Order()];

    private static Value? Along(OperationCall call, Value x, int axis, int position, string name) => Over(call, x, [axis], position, name);

    /// <summary>An operand with one length for each of the axes, in the shape that meets the input.</summary>
    private static Value? Over(OperationCall call, Value x, int[] axes, int position, string name)
    {
        if (call.OptionalOperand(position, name) is not { } operand || operand.Shape.Rank == x.Shape.Rank)
            return call.OptionalOperand(position, name) is { } whole ? call.Context.AsFloat(whole) : null;
        int[] shape = [.. Enumerable.Range(0, x.Shape.Rank).Select(axis => axes.Contains(axis) ? call.Context.Length(x, axis) : 1)];
        return call.Context.Arrange.Reshape(call.Context.AsFloat(operand), [.. shape.Select(length => (Ops.Extent)length)]);
    }
}
