using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Models;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Operations;

/// <summary>Functions of one, two or three operands, element by element.</summary>
internal static class Elementwise
{
    /// <summary>A function of floats that TensorFlow has under this name.</summary>
    public static Func<OperationCall, Value[]> Float(string op) => call => [call.Context.Call(op, [call.Float])];

    /// <summary>A function that leaves the type as it is.</summary>
    public static Func<OperationCall, Value[]> Any(string op) => call => [call.Context.Call(op, [call.X])];

    /// <summary>A function of two operands, broadcast to each other and made alike.</summary>
    public static Func<OperationCall, Value[]> Two(string op) => call =>
    {
        Value[] operands = call.Alike(Pair(call));
        string named = operands[0].Type == TensorType.Bool ? OfFlags(op) : op;
        return [call.Context.Call(named, operands)];
    };

    /// <summary>Sums and products of flags are flags.</summary>
    private static string OfFlags(string op) => op switch
    {
        "AddV2" or "Maximum" => "LogicalOr",
        "Mul" or "Minimum" => "LogicalAnd",
        _ => op,
    };

    public static Func<OperationCall, Value[]> Logical(string op) => call =>
        [call.Context.Call(op, [.. Pair(call).Select(operand => call.Context.F.Cast(operand, TensorType.Bool))])];

    public static Func<OperationCall, Value[]> Activation(string name) => call => [Activations.Table[name](call.Context, call.Float)];

    public static Func<OperationCall, Value[]> Formula(Func<LayerContext, Value, Value> formula) => call => [formula(call.Context, call.Float)];

    public static Func<OperationCall, Value[]> Formula(Func<OperationCall, LayerContext, Value, Value> formula) => call => [formula(call, call.Context, call.Float)];

    private static Value[] Pair(OperationCall call) => [call.Operand(0, "x1", "x", "a"), call.Operand(1, "x2", "y", "b")];

    /// <summary>Integers are divided as floats.</summary>
    public static Value[] Divide(OperationCall call)
    {
        Value[] operands = [.. Pair(call).Select(call.Context.AsFloat)];
        return [call.Context.F.Div(operands[0], operands[1])];
    }

    public static Value[] DivideNoNan(OperationCall call) => [call.Context.Call("DivNoNan", [.. Pair(call).Select(call.Context.AsFloat)])];

    public static Value[] FloorDivide(OperationCall call) => Two("FloorDiv")(call);

    public static Value[] Power(OperationCall call) => [call.Context.Call("Pow", call.Alike(Pair(call)))];

    public static Value[] Clip(OperationCall call)
    {
        Value[] operands = call.Alike([call.X.Type == TensorType.Bool ? call.Context.F.Cast(call.X, TensorType.Int32) : call.X, Bound(call, 1, "x_min", "clip_value_min"), Bound(call, 2, "x_max", "clip_value_max")]);
        return [call.Context.F.Min(call.Context.F.Max(operands[0], operands[1]), operands[2])];
    }

    /// <summary>A whole number leaves integers integers.</summary>
    private static Value Bound(OperationCall call, int position, string name, string other)
    {
        if (call.OptionalOperand(position, name, other) is { } operand)
            return operand;
        System.Text.Json.JsonElement given = call.Attribute(name, other);
        return !DataTypes.IsFloat(call.X.Type) && LayerConfig.Whole(given) is { } whole && !given.GetRawText().Contains('.')
            ? call.Context.F.Number(TensorType.Int32, whole)
            : call.Context.Number(LayerConfig.Real(given) ?? throw new LayerException($"'{name}' is missing"));
    }

    /// <summary>What is left when the part behind the point goes.</summary>
    public static Value Truncated(LayerContext context, Value x) => context.F.Mul(context.F.Sign(x), context.Call("Floor", [context.F.Abs(x)]));

    public static Value CubeRoot(LayerContext context, Value x) => context.F.Mul(context.F.Sign(x), context.Call("Pow", [context.F.Abs(x), context.Number(1 / 3f)]));

    public static Value[] Hypotenuse(OperationCall call)
    {
        Value[] operands = [.. Pair(call).Select(call.Context.AsFloat).Select(call.Context.F.Square)];
        return [call.Context.F.Sqrt(call.Context.F.Add(operands[0], operands[1]))];
    }

    public static Value[] IsClose(OperationCall call)
    {
        LayerContext context = call.Context;
        Value[] operands = [.. Pair(call).Select(context.AsFloat)];
        Value bound = context.F.Add(context.Number(call.Number(1e-8f, "atol")), context.F.Mul(context.F.Abs(operands[1]), context.Number(call.Number(1e-5f, "rtol"))));
        return [context.Emit(BuiltinOperator.LessEqual, context.F.Abs(context.F.Sub(operands[0], operands[1])), bound)];
    }

    /// <summary>Numbers in the place of what is none, and of what is without end.</summary>
    public static Value[] Finite(OperationCall call)
    {
        LayerContext context = call.Context;
        Value x = call.Float, number = context.F.Select(context.Emit(BuiltinOperator.Equal, x, x), x, context.Number(call.Number(0, "nan")));
        Value most = context.Number(call.Number(float.MaxValue, "posinf")), least = context.Number(call.Number(float.MinValue, "neginf"));
        Value bounded = context.F.Select(context.Emit(BuiltinOperator.Greater, number, context.Number(float.MaxValue)), most, number);
        return [context.F.Select(context.Emit(BuiltinOperator.Less, number, context.Number(float.MinValue)), least, bounded)];
    }

    public static Value[] Where(OperationCall call)
    {
        Value condition = call.Context.F.Cast(call.Operand(0, "condition"), TensorType.Bool);
        if (call.OptionalOperand(1, "x1", "x") is not { } first || call.OptionalOperand(2, "x2", "y") is not { } second)
            throw call.Context.Refuse("it is called for the places where its condition holds");
        Value[] operands = call.Alike(first, second);
        return [call.Context.F.Select(condition, operands[0], operands[1])];
    }

    /// <summary>Without a type, the operand as it is.</summary>
    public static Value[] Cast(OperationCall call)
    {
        if (call.Attribute("dtype").ValueKind == System.Text.Json.JsonValueKind.Undefined)
            return [call.X];
        TensorType type = DataTypes.Of(call.Text("float32", "dtype").Replace("<dtype: '", "", StringComparison.Ordinal).Replace("'>", "", StringComparison.Ordinal));
        call.ResultType = type;
        return [DataTypes.IsFloat(type) ? call.Context.AsFloat(call.X) : call.Context.F.Cast(call.X, type)];
    }

    public static Value[] Relu(OperationCall call)
    {
        float? most = call.Attribute("max_value").ValueKind == System.Text.Json.JsonValueKind.Undefined ? null : call.Number(0, "max_value");
        return [ActivationLayers.Relu(call.Context, call.Float, call.Number(0, "negative_slope", "alpha"), most, call.Number(0, "threshold"))];
    }

    public static Value[] Gelu(OperationCall call) =>
        [call.Context.Call(TensorFlow.GeluFormulas.Operation, [call.Float], ("approximate", call.Flag("approximate", absent: call.Context.IsKeras3)))];

    public static Value[] Logaddexp(OperationCall call)
    {
        Value[] operands = [.. Pair(call).Select(call.Context.AsFloat)];
        LayerContext context = call.Context;
        Value greatest = context.F.Max(operands[0], operands[1]), distance = context.F.Abs(context.F.Sub(operands[0], operands[1]));
        return [context.F.Add(greatest, context.Call("Softplus", [context.F.Neg(distance)]))];
    }

    public static Value[] LogicalXor(OperationCall call) =>
        [call.Context.Emit(BuiltinOperator.NotEqual, [.. Pair(call).Select(operand => call.Context.F.Cast(operand, TensorType.Bool))])];

    public static Value[] Full(OperationCall call)
    {
        Value ones = call.Context.Call("OnesLike", [call.X]);
        Value number = call.Context.F.Cast(call.Operand(1, "fill_value"), ones.Type);
        return [call.Context.F.Mul(ones, number)];
    }

    public static Value[] Round(OperationCall call)
    {
        int decimals = call.Integer(0, "decimals");
        if (decimals == 0)
            return [call.Context.Call("Round", [call.Float])];
        float factor = MathF.Pow(10, decimals);
        Value scaled = call.Context.Call("Round", [call.Context.F.Mul(call.Float, call.Context.Number(factor))]);
        return [call.Context.F.Div(scaled, call.Context.Number(factor))];
    }
}
