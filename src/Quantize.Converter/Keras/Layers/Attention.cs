using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Attention without heads: a query, values, and keys that are the values where none are given.</summary>
internal static class Attention
{
    public static Value[] Dot(LayerContext context) => Attend(context, (query, key) =>
    {
        bool scales = context.Config.Flag("use_scale");
        Value? scale = scales ? context.Weight(0, "scale") : null;
        switch (context.Config.Text("score_mode", "dot"))
        {
            case "dot":
                Value scores = context.Call("BatchMatMulV2", [query, key], ("adj_y", true));
                return scale is null ? scores : context.F.Mul(scores, scale);
            case "concat":
                Value sum = Pairs(context, query, key);
                Value bent = context.Call("Tanh", [scale is null ? sum : context.F.Mul(sum, scale)]);
                return context.F.Mul(context.Reduce(BuiltinOperator.Sum, bent, [-1], keepDims: false), context.Weight(scales ? 1 : 0, "concat_score_weight"));
            default:
                throw context.Refuse($"score_mode '{context.Config.Text("score_mode", "")}'");
        }
    });

    public static Value[] Additive(LayerContext context) => Attend(context, (query, key) =>
    {
        Value bent = context.Call("Tanh", [Pairs(context, query, key)]);
        if (context.Config.Flag("use_scale", absent: true))
            bent = context.F.Mul(bent, context.Weight(0, "scale", context.Length(query, ^1)));
        return context.Reduce(BuiltinOperator.Sum, bent, [-1], keepDims: false);
    });

    public static WeightLayout DotWeights(KerasObject layer) => new((layer.Config.Flag("use_scale") ? 1 : 0) + (layer.Config.Text("score_mode", "dot") == "concat" ? 1 : 0));

    public static WeightLayout AdditiveWeights(KerasObject layer) => new(layer.Config.Flag("use_scale", absent: true) ? 1 : 0);

    private static Value[] Attend(LayerContext context, Func<Value, Value, Value> score)
    {
        if (context.Inputs.Count is not (2 or 3))
            throw new LayerException($"it is called with {context.Inputs.Count} tensors, not with query, value and perhaps key");
        Value query = context.Float(0), value = context.Float(1), key = context.Float(context.Inputs.Count - 1);
        (Value? queryMask, Value? valueMask) = MasksOf(context);
        bool isCausal = context.Config.Flag("causal") || context.Argument(4, "use_causal_mask").Constant.ValueKind == System.Text.Json.JsonValueKind.True;
        Value? mask = AttentionMask.And(context, AttentionMask.Along(context, valueMask, -2), isCausal ? AttentionMask.Causal(context, query, value) : null);
        Value shares = context.Call("Softmax", [AttentionMask.Apply(context, score(query, key), mask)]);
        Value attended = context.Call("BatchMatMulV2", [shares, value]);
        if (queryMask is not null)
            attended = context.F.Mul(attended, context.AsFloat(AttentionMask.Along(context, queryMask, -1)!));
        context.OutputMasks = [queryMask];
        bool returnsScores = context.Argument(3, "return_attention_scores").Constant.ValueKind == System.Text.Json.JsonValueKind.True;
        return returnsScores ? [attended, shares] : [attended];
    }

    /// <summary>Masks of query and value: given as a list, or carried by the tensors.</summary>
    private static (Value? Query, Value? Value) MasksOf(LayerContext context) => context.Argument(1, "mask") is { IsAbsent: false, Members: [var query, var value, ..] }
        ? (query.Tensor?.Value, value.Tensor?.Value)
        : (context.Inputs[0].Mask, context.Inputs[1].Mask);

    /// <summary>The sum of every step of the query with every step of the keys.</summary>
    private static Value Pairs(LayerContext context, Value query, Value key) => context.F.Add(
        context.Call("ExpandDims", [query, ConstantData.Scalar($"{context.Name}/keys", -2)]),
        context.Call("ExpandDims", [key, ConstantData.Scalar($"{context.Name}/queries", -3)]));
}
