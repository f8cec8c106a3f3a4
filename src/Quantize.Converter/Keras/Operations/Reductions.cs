using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Models;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Operations;

/// <summary>Functions along axes.</summary>
internal static class Reductions
{
    public static Func<OperationCall, Value[]> Of(BuiltinOperator code) => call => [Reduce(call, code, call.X)];

    /// <summary>Integers become floats.</summary>
    public static Func<OperationCall, Value[]> OfFloats(BuiltinOperator code) => call => [Reduce(call, code, call.Float)];

    public static Func<OperationCall, Value[]> OfFlags(BuiltinOperator code) => call => [Reduce(call, code, call.Context.F.Cast(call.X, TensorType.Bool))];

    public static Value[] Variance(OperationCall call) => [Spread(call)];

    public static Value[] Deviation(OperationCall call) => [call.Context.F.Sqrt(Spread(call))];

    public static Value[] LogSumExp(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float;
        int[] axes = call.Axes(x);
        Value greatest = context.Reduce(BuiltinOperator.ReduceMax, x, axes, keepDims: true);
        Value sum = context.F.Log(context.Reduce(BuiltinOperator.Sum, context.F.Exp(context.F.Sub(x, greatest)), axes, keepDims: true));
        Value result = context.F.Add(sum, greatest);
        return [KeepsDims(call) || axes.Length == 0 ? result : context.Call("Squeeze", [result], ("squeeze_dims", axes.Select(axis => (long)axis).ToArray()))];
    }

    /// <summary>The Euclidean norm, or a sum or greatest of magnitudes.</summary>
    public static Value[] Norm(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float;
        string ord = call.Attribute("ord").ToString();
        bool isOfMatrix = call.Integers("axis") is { Length: > 1 } || (context.IsKeras3 && call.Integers("axis") is null && x.Shape.Rank > 1);
        if (isOfMatrix && ord is not ("" or "fro" or "euclidean"))
            throw context.Refuse($"a norm of matrices of the order {ord}");
        return ord switch
        {
            "" or "2" or "2.0" or "fro" or "euclidean" => [context.F.Sqrt(Reduce(call, BuiltinOperator.Sum, context.F.Square(x)))],
            "1" or "1.0" => [Reduce(call, BuiltinOperator.Sum, context.F.Abs(x))],
            "inf" or "Infinity" => [Reduce(call, BuiltinOperator.ReduceMax, context.F.Abs(x))],
            _ when call.Number(0, "ord") is > 0 and var order => [OfOrder(context, x, order, powers => Reduce(call, BuiltinOperator.Sum, powers))],
            _ => throw context.Refuse($"a norm of the order {ord}"),
        };
    }

    private static Value OfOrder(LayerContext context, Value x, float order, Func<Value, Value> sum) =>
        context.Call("Pow", [sum(context.Call("Pow", [context.F.Abs(x), context.Number(order)])), context.Number(1 / order)]);

    public static Func<OperationCall, Value[]> Position(string op) => call =>
    {
        Value x = call.X;
        LayerContext context = call.Context;
        bool isFlat = call.Integers("axis", "dimension") is null && context.IsKeras3;
        Value operand = isFlat ? context.Arrange.Reshape(x, Ops.Extent.All(x).Aggregate(Ops.Extent.One, (product, length) => product * length)) : x;
        int axis = isFlat ? 0 : context.Axis(x, call.Integer(0, "axis", "dimension"));
        TensorFlow.TfDataType type = context.IsKeras3 ? TensorFlow.TfDataType.Int32 : TensorFlow.TfDataType.Int64;
        Value place = context.Call(op, [operand, ConstantData.Scalar($"{context.Name}/axis", axis)], ("output_type", type));
        return [call.Flag("keepdims") && !isFlat ? context.Call("ExpandDims", [place, ConstantData.Scalar($"{context.Name}/kept", axis)]) : place];
    };

    public static Func<OperationCall, Value[]> Running(string op) => call =>
    {
        Value x = call.X;
        bool isFlat = call.Integers("axis") is null && call.Context.IsKeras3;
        Value operand = isFlat ? call.Context.Arrange.Reshape(x, Ops.Extent.All(x).Aggregate(Ops.Extent.One, (product, length) => product * length)) : x;
        Value axis = ConstantData.Scalar($"{call.Context.Name}/axis", isFlat ? 0 : call.Axis(x, 0));
        return [call.Context.Call(op, [operand, axis], ("exclusive", call.Flag("exclusive")), ("reverse", call.Flag("reverse")))];
    };

    public static Value[] Softmax(OperationCall call) => AlongAxes(call, (x, axis) => Activations.Softmax(call.Context, x, axis));

    public static Value[] LogSoftmax(OperationCall call) => AlongAxes(call, (x, axis) => Activations.LogSoftmax(call.Context, x, axis));

    /// <summary>Along one axis, or all elements as one row where the file says that there is none.</summary>
    private static Value[] AlongAxes(OperationCall call, Func<Value, int, Value> function)
    {
        Value x = call.Float;
        if (!call.Context.IsKeras3 || !call.Context.Config.IsNull("axis"))
            return [function(x, call.Integers("axis") is { Length: 1 } axis ? axis[0] : call.Integer(-1, "axis"))];
        Ops.Extent count = Ops.Extent.All(x).Aggregate(Ops.Extent.One, (product, length) => product * length);
        return [call.Context.Arrange.Reshape(function(call.Context.Arrange.Reshape(x, count), 0), Ops.Extent.All(x))];
    }

    /// <summary>x over its norm along the axes, which is taken to be no less than a small number.</summary>
    public static Value[] Normalize(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float;
        int[] axes = call.Axes(x);
        float order = call.Number(2, "order"), epsilon = call.Number(context.IsKeras3 ? 1e-7f : 1e-12f, "epsilon");
        Value magnitude = order switch
        {
            2 => context.Reduce(BuiltinOperator.Sum, context.F.Square(x), axes, keepDims: true),
            1 => context.Reduce(BuiltinOperator.Sum, context.F.Abs(x), axes, keepDims: true),
            > 0 => OfOrder(context, x, order, powers => context.Reduce(BuiltinOperator.Sum, powers, axes, keepDims: true)),
            _ => throw context.Refuse($"normalization of the order {order}"),
        };
        if (order != 2)
            return [context.F.Div(x, context.F.Max(magnitude, context.Number(epsilon)))];
        float least = context.IsKeras3 ? epsilon * epsilon : epsilon;
        return [context.F.Mul(x, context.Emit(BuiltinOperator.Rsqrt, context.F.Max(magnitude, context.Number(least))))];
    }

    /// <summary>Sums and products of flags count.</summary>
    public static Func<OperationCall, Value[]> OfNumbers(BuiltinOperator code) => call =>
        [Reduce(call, code, call.X.Type == TensorType.Bool ? call.Context.F.Cast(call.X, TensorType.Int32) : call.X)];

    /// <summary>What is no number counts as the given one.</summary>
    public static Func<OperationCall, Value[]> OfNumbersIn(BuiltinOperator code, float otherwise) => call => [Reduce(call, code, Filled(call, call.Float, otherwise))];

    public static Value[] MeanOfNumbers(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float, isNumber = context.AsFloat(context.Emit(BuiltinOperator.Equal, x, x));
        return [context.F.Div(Reduce(call, BuiltinOperator.Sum, Filled(call, x, 0)), Reduce(call, BuiltinOperator.Sum, isNumber))];
    }

    public static Value[] Average(OperationCall call) =>
        call.OptionalOperand(1, "weights") is null ? OfFloats(BuiltinOperator.Mean)(call) : throw call.Context.Refuse("its mean has weights");

    public static Value[] CountNonzero(OperationCall call)
    {
        LayerContext context = call.Context;
        Value differs = context.Emit(BuiltinOperator.NotEqual, call.X, call.X.Type == TensorType.Bool ? context.F.Zero(TensorType.Bool) : context.F.Number(call.X.Type, 0));
        return [Reduce(call, BuiltinOperator.Sum, context.F.Cast(differs, TensorType.Int32))];
    }

    public static Value[] Range(OperationCall call) => [call.Context.F.Sub(Reduce(call, BuiltinOperator.ReduceMax, call.X), Reduce(call, BuiltinOperator.ReduceMin, call.X))];

    private static Value Filled(OperationCall call, Value x, float otherwise) => call.Context.F.Select(call.Context.Emit(BuiltinOperator.Equal, x, x), x, call.Context.Number(otherwise));

    public static Value Reduce(OperationCall call, BuiltinOperator code, Value x)
    {
        int[] axes = call.Axes(x);
        return axes.Length == 0 ? x : call.Context.Reduce(code, x, axes, KeepsDims(call));
    }

    private static bool KeepsDims(OperationCall call) => call.Flag("keepdims", call.Flag("keep_dims"));

    private static Value Spread(OperationCall call)
    {
        Value x = call.Float, mean = call.Context.Reduce(BuiltinOperator.Mean, x, call.Axes(x), keepDims: true);
        return Reduce(call, BuiltinOperator.Mean, call.Context.Emit(BuiltinOperator.SquaredDifference, x, mean));
    }
}
