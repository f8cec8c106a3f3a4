using System.Text.Json;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Activation functions by name, with the differences between the two Kerases.</summary>
internal static class Activations
{
    /// <summary>What Keras's leaky_relu multiplies negative numbers by.</summary>
    private const float LeakySlope = 0.2f;

    private const float ShrinkThreshold = 0.5f;

    public static readonly IReadOnlyDictionary<string, Func<LayerContext, Value, Value>> Table = new Dictionary<string, Func<LayerContext, Value, Value>>
    {
        ["celu"] = (c, x) => c.Call("Elu", [x]),
        ["elu"] = (c, x) => c.Call("Elu", [x]),
        ["exponential"] = (c, x) => c.Call("Exp", [x]),
        ["gelu"] = (c, x) => c.Call(GeluFormulas.Operation, [x], ("approximate", false)),
        ["glu"] = (c, x) => Glu(c, x, x.Shape.Rank - 1),
        ["hard_shrink"] = (c, x) => HardShrink(c, x, ShrinkThreshold),
        ["hard_sigmoid"] = HardSigmoid,
        ["hard_silu"] = HardSilu,
        ["hard_swish"] = HardSilu,
        ["hard_tanh"] = (c, x) => Clip(c, x, -1, 1),
        ["leaky_relu"] = (c, x) => LeakyRelu(c, x, LeakySlope),
        ["linear"] = (_, x) => x,
        ["log_sigmoid"] = (c, x) => c.F.Neg(c.Call("Softplus", [c.F.Neg(x)])),
        ["log_softmax"] = (c, x) => LogSoftmax(c, x, -1),
        ["mish"] = (c, x) => c.F.Mul(x, c.Call("Tanh", [c.Call("Softplus", [x])])),
        ["relu"] = (c, x) => c.Call("Relu", [x]),
        ["relu6"] = (c, x) => c.Call("Relu6", [x]),
        ["selu"] = (c, x) => c.Call("Selu", [x]),
        ["sigmoid"] = (c, x) => c.Call("Sigmoid", [x]),
        ["silu"] = Silu,
        ["soft_shrink"] = (c, x) => SoftShrink(c, x, ShrinkThreshold),
        ["softmax"] = (c, x) => Softmax(c, x, -1),
        ["softplus"] = (c, x) => c.Call("Softplus", [x]),
        ["softsign"] = (c, x) => c.Call("Softsign", [x]),
        ["sparse_plus"] = SparsePlus,
        ["sparse_sigmoid"] = (c, x) => Clip(c, c.F.Mul(c.F.Add(x, c.Number(1)), c.Number(0.5f)), 0, 1),
        ["sparsemax"] = (c, x) => Sparsemax(c, x, -1),
        ["squareplus"] = (c, x) => Squareplus(c, x, 4),
        ["swish"] = Silu,
        ["tanh"] = (c, x) => c.Call("Tanh", [x]),
        ["tanh_shrink"] = (c, x) => c.F.Sub(x, c.Call("Tanh", [x])),
    };

    /// <summary>The function that an attribute names; none where it is absent.</summary>
    public static Value Apply(LayerContext context, Value x, JsonElement function)
    {
        if (function.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return x;
        if (NameOf(function) is { } name && Table.TryGetValue(name, out Func<LayerContext, Value, Value>? apply))
            return apply(context, x);
        KerasObject layer = KerasObject.Of(function);
        return KerasLayers.Table.TryGetValue(layer.ClassName, out LayerRow? row)
            ? row.Import(context.Within(layer, layer.ClassName, context.Weights.Within("activation"), x))[0]
            : throw context.Refuse($"the activation {function.GetRawText()}");
    }

    /// <summary>Whether the attribute names a function of Keras, or one of its layers.</summary>
    public static bool IsKnown(JsonElement function) =>
        function.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
        || (NameOf(function) is { } name ? Table.ContainsKey(name) : KerasLayers.Table.ContainsKey(KerasObject.Of(function).ClassName));

    /// <summary>A name, or a function saved as an object; null where it is a layer.</summary>
    public static string? NameOf(JsonElement function)
    {
        if (function.ValueKind == JsonValueKind.String)
            return Plain(function.GetString()!);
        KerasObject saved = KerasObject.Of(function);
        if (saved.ClassName != "function")
            return null;
        return saved.Config.Json.ValueKind == JsonValueKind.String ? Plain(saved.Config.Json.GetString()!) : saved.Registered;
    }

    private static string Plain(string name) => name.StartsWith("keras.activations.", StringComparison.Ordinal) ? name["keras.activations.".Length..] : name;

    public static Value Softmax(LayerContext context, Value x, int axis) => AlongLast(context, x, axis, last => context.Call("Softmax", [last]));

    public static Value LogSoftmax(LayerContext context, Value x, int axis) => AlongLast(context, x, axis, last => context.Call("LogSoftmax", [last]));

    public static Value LeakyRelu(LayerContext context, Value x, float slope) => context.Call("LeakyRelu", [x], ("alpha", slope));

    public static Value Silu(LayerContext context, Value x) => context.F.Mul(x, context.Call("Sigmoid", [x]));

    public static Value Clip(LayerContext context, Value x, float low, float high) => context.F.Min(context.F.Max(x, context.Number(low)), context.Number(high));

    public static Value Elu(LayerContext context, Value x, float alpha) => alpha == 1
        ? context.Call("Elu", [x])
        : context.F.Add(context.Call("Relu", [x]), context.F.Mul(context.Call("Elu", [context.F.Min(x, context.Number(0))]), context.Number(alpha)));

    /// <summary>max(0, x) + min(0, alpha (e^(x / alpha) - 1)).</summary>
    public static Value Celu(LayerContext context, Value x, float alpha)
    {
        Value negative = context.Call("Elu", [context.F.Div(context.F.Min(x, context.Number(0)), context.Number(alpha))]);
        return context.F.Add(context.Call("Relu", [x]), context.F.Mul(negative, context.Number(alpha)));
    }

    public static Value Glu(LayerContext context, Value x, int axis)
    {
        Value[] halves = context.CallMany("Split", [ConstantData.Scalar($"{context.Name}/axis", context.Axis(x, axis)), x], ("num_split", 2L));
        return context.F.Mul(halves[0], context.Call("Sigmoid", [halves[1]]));
    }

    /// <summary>Keras 2 has 0.2 x + 0.5, Keras 3 relu6(x + 3) / 6.</summary>
    public static Value HardSigmoid(LayerContext context, Value x) => context.IsKeras3
        ? context.F.Mul(context.Call("Relu6", [context.F.Add(x, context.Number(3))]), context.Number(1 / 6f))
        : Clip(context, context.F.Add(context.F.Mul(x, context.Number(0.2f)), context.Number(0.5f)), 0, 1);

    public static Value HardSilu(LayerContext context, Value x) =>
        context.F.Mul(context.F.Mul(x, context.Call("Relu6", [context.F.Add(x, context.Number(3))])), context.Number(1 / 6f));

    public static Value HardShrink(LayerContext context, Value x, float threshold) =>
        context.F.Select(context.Emit(BuiltinOperator.Greater, context.F.Abs(x), context.Number(threshold)), x, context.Number(0));

    public static Value SoftShrink(LayerContext context, Value x, float threshold) => context.F.Sub(x, Clip(context, x, -threshold, threshold));

    public static Value Threshold(LayerContext context, Value x, float threshold, float otherwise) =>
        context.F.Select(context.Emit(BuiltinOperator.Greater, x, context.Number(threshold)), x, context.Number(otherwise));

    /// <summary>0 up to -1, (x + 1)^2 / 4 up to 1, then x.</summary>
    public static Value SparsePlus(LayerContext context, Value x)
    {
        Value bend = Clip(context, context.F.Add(x, context.Number(1)), 0, 2);
        return context.F.Add(context.F.Mul(context.F.Square(bend), context.Number(0.25f)), context.Call("Relu", [context.F.Sub(x, context.Number(1))]));
    }

    public static Value Squareplus(LayerContext context, Value x, float b) =>
        context.F.Mul(context.F.Add(x, context.F.Sqrt(context.F.Add(context.F.Square(x), context.Number(b)))), context.Number(0.5f));

    /// <summary>
    /// max(x - t, 0), with t from those largest elements z for which 1 + k z(k) exceeds the sum of the k first. Keras takes the sum of all their running sums where the
    /// last one would give the nearest point of the simplex; so it is done here.
    /// </summary>
    public static Value Sparsemax(LayerContext context, Value x, int axis) => AlongLast(context, x, axis, last =>
    {
        int count = context.Length(last, ^1);
        Value sorted = context.CallMany("TopKV2", [last, ConstantData.Scalar($"{context.Name}/k", count)])[0];
        Value ranks = ConstantData.Of($"{context.Name}/ranks", [count], [.. Enumerable.Range(1, count).Select(rank => (float)rank)]);
        Value sums = context.Call("Cumsum", [sorted, ConstantData.Scalar($"{context.Name}/axis", -1)]);
        Value isUsed = context.AsFloat(context.Emit(BuiltinOperator.Greater, context.F.Add(context.F.Mul(sorted, ranks), context.Number(1)), sums));
        Value used = context.Reduce(BuiltinOperator.Sum, isUsed, [-1], keepDims: true);
        Value total = context.Reduce(BuiltinOperator.Sum, context.F.Mul(sums, isUsed), [-1], keepDims: true);
        return context.Call("Relu", [context.F.Sub(last, context.F.Div(context.F.Sub(total, context.Number(1)), used))]);
    });

    /// <summary>A function of the last axis, applied to another one.</summary>
    public static Value AlongLast(LayerContext context, Value x, int axis, Func<Value, Value> function)
    {
        int rank = x.Shape.Rank;
        axis = context.Axis(x, axis);
        if (axis == rank - 1)
            return function(x);
        int[] swap = [.. Enumerable.Range(0, rank)];
        (swap[axis], swap[rank - 1]) = (rank - 1, axis);
        return context.Arrange.Transpose(function(context.Arrange.Transpose(x, swap)), swap);
    }
}
