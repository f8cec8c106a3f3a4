using System.Text.Json;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>
/// Attention with several heads, over one axis or several: query, keys and values are projected to [batch, steps, heads, size], and what the heads attend to is
/// projected back. Heads of the query may share those of the keys and values.
/// </summary>
internal static class MultiHeadAttention
{
    private static readonly string[] s_projections = ["query_dense", "key_dense", "gate_dense", "value_dense", "output_dense"];

    public static Value[] Import(LayerContext context)
    {
        LayerConfig config = context.Config;
        int heads = config.Integer("num_heads"), keySize = config.Integer("key_dim"), valueSize = config.Integer("value_dim", keySize);
        Value[] results = Attend(context, heads, heads, keySize, valueSize);
        if (context.IsSince(8))
            DropMasks(context);
        return results;
    }

    /// <summary>From Keras 3.8 on, the masks are taken off the inputs; layers behind this one that read them too have no mask of theirs.</summary>
    private static void DropMasks(LayerContext context)
    {
        Given(context, 0, "query")?.DropMask();
        Given(context, 1, "value")?.DropMask();
        Given(context, 2, "key")?.DropMask();
    }

    public static Value[] Grouped(LayerContext context)
    {
        int size = context.Config.Integer("head_dim"), heads = context.Config.Integer("num_query_heads"), shared = context.Config.Integer("num_key_value_heads");
        return shared > 0 && heads % shared == 0 ? Attend(context, heads, shared, size, size) : throw new LayerException($"{heads} heads do not share {shared}");
    }

    public static WeightLayout Weights(KerasObject layer)
    {
        var projection = new WeightLayout(layer.Config.Flag("use_bias", absent: true) ? 2 : 1);
        return WeightLayout.Of([.. s_projections.Where(name => name != "gate_dense" || layer.Config.Flag("use_gate")).Select(name => (name, projection))]);
    }

    private static Value[] Attend(LayerContext context, int heads, int sharedHeads, int keySize, int valueSize)
    {
        KerasTensor query = Given(context, 0, "query") ?? throw new LayerException("it is called without a query");
        KerasTensor value = Given(context, 1, "value") ?? query, key = Given(context, 2, "key") ?? value;
        Value q = context.AsFloat(query.Value), v = context.AsFloat(value.Value), k = context.AsFloat(key.Value);
        int[] axes = context.Config.Has("attention_axes")
            ? [.. context.Config.Integers("attention_axes").Select(axis => context.Axis(q, axis)).Order()]
            : [.. Enumerable.Range(1, q.Shape.Rank - 2)];
        var labels = new AttentionLabels(q.Shape.Rank, axes);

        Value queries = context.F.Mul(Project(context, q, "query_dense", heads, keySize), context.Number(1 / MathF.Sqrt(keySize)));
        Value keys = Shared(context, Project(context, k, "key_dense", sharedHeads, keySize), heads / sharedHeads);
        Value values = Shared(context, Project(context, v, "value_dense", sharedHeads, valueSize), heads / sharedHeads);
        Value scores = context.Call("Einsum", [queries, keys], ("equation", labels.Scores));
        context.OutputMasks = [query.Mask];
        Value? mask = MaskOf(context, query, value, key, labels);
        Value shares = Softmax(context, AttentionMask.Apply(context, scores, mask), axes.Length);
        if (mask is not null && IsMaskedSoftmax(context, q))
            shares = AttentionMask.Cleared(context, shares, mask);
        Value attended = context.Call("Einsum", [shares, values], ("equation", labels.Attended));
        if (context.Config.Flag("use_gate"))
            attended = context.F.Mul(attended, context.Call("Sigmoid", [Project(context, q, "gate_dense", heads, valueSize)]));
        Value output = ProjectBack(context, attended, heads, valueSize, OutputShape(context, q));
        return IsSet(context.Argument(7, "return_attention_scores")) ? [output, shares] : [output];
    }

    /// <summary>Keras 3 has two ways of attending, and in one of them, from 3.10 on, what sees nothing gives zeros; elsewhere it gives the mean of all values.</summary>
    private static bool IsMaskedSoftmax(LayerContext context, Value query) =>
        context.IsSince(10) && (context.Config.Number("dropout", 0) > 0 || query.Shape.Rank != 3 || IsSet(context.Argument(7, "return_attention_scores")));

    private static KerasTensor? Given(LayerContext context, int position, string name) => context.Argument(position, name).Tensor;

    private static bool IsSet(BoundArgument argument) => argument.Constant.ValueKind == JsonValueKind.True;

    /// <summary>[..., size of the input] to [..., heads, size].</summary>
    private static Value Project(LayerContext context, Value input, string name, int heads, int size)
    {
        LayerWeights weights = context.Weights.Within(name);
        if (weights.Own(HasBias(context) ? 2 : 1, $"{context.Name}/{name}/scale") is not null)
            throw context.Refuse("Keras has quantized it; save the model before it is quantized");
        Value kernel = context.Weight(weights, 0, $"{name}/kernel", context.Length(input, ^1), heads, size);
        Value projected = context.Call("Einsum", [input, kernel], ("equation", "...a,abc->...bc"));
        return HasBias(context) ? context.F.Add(projected, context.Weight(weights, 1, $"{name}/bias", heads, size)) : projected;
    }

    private static Value ProjectBack(LayerContext context, Value attended, int heads, int size, int[] shape)
    {
        LayerWeights weights = context.Weights.Within("output_dense");
        string behind = string.Concat(shape.Select((_, i) => (char)('c' + i)));
        Value kernel = context.Weight(weights, 0, "output_dense/kernel", [heads, size, .. shape]);
        Value projected = context.Call("Einsum", [attended, kernel], ("equation", $"...ab,ab{behind}->...{behind}"));
        return HasBias(context) ? context.F.Add(projected, context.Weight(weights, 1, "output_dense/bias", shape)) : projected;
    }

    private static bool HasBias(LayerContext context) => context.Config.Flag("use_bias", absent: true);

    private static int[] OutputShape(LayerContext context, Value query) =>
        context.Config.Has("output_shape") ? context.Config.Integers("output_shape") : [context.Length(query, ^1)];

    /// <summary>Every head of keys or values serves as many neighbouring heads of the query.</summary>
    private static Value Shared(LayerContext context, Value heads, int times)
    {
        if (times == 1)
            return heads;
        int axis = heads.Shape.Rank - 2, count = context.Length(heads, axis);
        return context.Arrange.Gather(heads, context.Arrange.Vector("heads", [.. Enumerable.Range(0, count * times).Select(head => head / times)]), axis);
    }

    private static Value Softmax(LayerContext context, Value scores, int axes)
    {
        if (axes == 1)
            return context.Call("Softmax", [scores]);
        int[] last = [.. Enumerable.Range(scores.Shape.Rank - axes, axes)];
        Value power = context.F.Exp(context.F.Sub(scores, context.Reduce(BuiltinOperator.ReduceMax, scores, last, keepDims: true)));
        return context.F.Div(power, context.Reduce(BuiltinOperator.Sum, power, last, keepDims: true));
    }

    /// <summary>The masks of the three inputs, the one that is given, and those that the attributes ask for, with a 1 for the heads.</summary>
    private static Value? MaskOf(LayerContext context, KerasTensor query, KerasTensor value, KerasTensor key, AttentionLabels labels)
    {
        bool takesOwn = context.IsSince(8) && context.Object.ClassName == "MultiHeadAttention";
        Value? queryMask = (takesOwn ? null : context.Argument(3, "query_mask").Tensor?.Value) ?? query.Mask;
        Value? valueMask = context.Argument(4, "value_mask").Tensor?.Value ?? value.Mask;
        Value? keyMask = context.Argument(5, "key_mask").Tensor?.Value ?? (key == value ? null : key.Mask);
        Value? given = context.Argument(context.IsKeras3 ? 6 : 3, "attention_mask").Tensor?.Value;
        bool isCausal = IsSet(context.Argument(9, "use_causal_mask"));
        Value? near = context.Config.Has("sliding_window") ? AttentionMask.Near(context, query.Value, value.Value, context.Config.Integer("sliding_window")) : null;
        Value? mask = AttentionMask.And(
            context,
            given is null ? null : context.F.Cast(given, TensorType.Bool),
            AttentionMask.Along(context, queryMask, -1),
            AttentionMask.Along(context, valueMask, -2),
            AttentionMask.Along(context, keyMask, -2),
            isCausal ? AttentionMask.Causal(context, query.Value, value.Value) : null,
            near);
        for (int rank = mask?.Shape.Rank ?? labels.ScoreRank; rank < labels.ScoreRank; rank++)
            mask = context.Call("ExpandDims", [mask!, ConstantData.Scalar($"{context.Name}/heads", -2 * labels.AxisCount - 1)]);
        return mask;
    }
}
