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
        return call.Attribute("ord").ToString() switch
        {
            "" or "2" or "2.0" or "fro" or "euclidean" => [context.F.Sqrt(Reduce(call, BuiltinOperator.Sum, context.F.Square(x)))],
            "1" or "1.0" => [Reduce(call, BuiltinOperator.Sum, context.F.Abs(x))],
            "inf" or "Infinity" => [Reduce(call, BuiltinOperator.ReduceMax, context.F.Abs(x))],
            string order => throw context.Refuse($"a norm of the order {order}"),
        };
    }

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

    public static Value[] Softmax(OperationCall call) => [Activations.Softmax(call.Context, call.Float, call.Integer(-1, "axis"))];

    public static Value[] LogSoftmax(OperationCall call) => [Activations.LogSoftmax(call.Context, call.Float, call.Integer(-1, "axis"))];

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
            _ => throw context.Refuse($"normalization of the order {order}"),
        };
        if (order == 1)
            return [context.F.Div(x, context.F.Max(magnitude, context.Number(epsilon)))];
        float least = context.IsKeras3 ? epsilon * epsilon : epsilon;
        return [context.F.Mul(x, context.Emit(BuiltinOperator.Rsqrt, context.F.Max(magnitude, context.Number(least))))];
    }

    public static Value[] TopK(OperationCall call)
    {
        int count = call.Integer(1, "k");
        return call.Context.CallMany("TopKV2", [call.X, ConstantData.Scalar($"{call.Context.Name}/k", count)]);
    }

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
