using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Layers that prepare numbers and categories.</summary>
internal static class Preprocessing
{
    public static Value[] Rescaling(LayerContext context)
    {
        Value scale = Numbers(context, "scale"), offset = Numbers(context, "offset");
        Value scaled = context.F.Mul(context.X, scale);
        return [ConstantData.IsAll(offset, 0) ? scaled : context.F.Add(scaled, offset)];
    }

    /// <summary>Every channel of every picture from its least to its greatest value over the whole range; one that has a single value stays as it is.</summary>
    public static Value[] AutoContrast(LayerContext context)
    {
        Value x = context.X;
        float[] range = context.Config.Has("value_range") ? context.Config.Numbers("value_range") : [0, 255];
        if (range.Length != 2)
            throw context.Config.Unusable("value_range", "two numbers");
        int[] picture = [1, 2];
        Value low = context.Reduce(BuiltinOperator.ReduceMin, x, picture, keepDims: true), high = context.Reduce(BuiltinOperator.ReduceMax, x, picture, keepDims: true);
        Value width = context.F.Sub(high, low);
        Value stretched = context.F.Mul(context.F.Div(context.F.Sub(x, low), width), context.Number(range[1] - range[0]));
        Value shifted = context.F.Min(context.F.Max(context.F.Add(stretched, context.Number(range[0])), context.Number(range[0])), context.Number(range[1]));
        return [context.F.Select(context.Emit(BuiltinOperator.Greater, width, context.Number(0)), shifted, x)];
    }

    /// <summary>The number of boundaries that are not above the input.</summary>
    public static Value[] Discretization(LayerContext context)
    {
        float[] boundaries = context.Config.Numbers("bin_boundaries");
        if (!context.Config.Has("bin_boundaries") || boundaries.Length == 0)
            throw new LayerException("it has no bin_boundaries; adapt it to data before the model is saved");
        Value x = context.X;
        Value wide = context.Call("ExpandDims", [x, ConstantData.Scalar($"{context.Name}/axis", -1)]);
        Value reached = context.Emit(BuiltinOperator.GreaterEqual, wide, ConstantData.Of($"{context.Name}/boundaries", [boundaries.Length], boundaries));
        Value bins = context.Reduce(BuiltinOperator.Sum, context.F.Cast(reached, TensorType.Int32), [-1], keepDims: false);
        string mode = context.Config.Text("output_mode", "int");
        return [mode == "int" ? context.F.Cast(bins, context.IsKeras3 ? TensorType.Int32 : TensorType.Int64) : Encoded(context, bins, mode, boundaries.Length + 1, null)];
    }

    public static Value[] CategoryEncoding(LayerContext context)
    {
        Value ids = context.F.Cast(context.Inputs[0].Value, TensorType.Int32);
        return [Encoded(context, ids, context.Config.Text("output_mode", "multi_hot"), context.Config.Integer("num_tokens"), context.Argument(1, "count_weights").Tensor?.Value)];
    }

    /// <summary>One row of flags or counts for each sample; one_hot has a row for each category.</summary>
    private static Value Encoded(LayerContext context, Value ids, string mode, int depth, Value? weights)
    {
        int rank = ids.Shape.Rank;
        bool isSingle = rank > 0 && ids.Shape[^1] is { IsKnown: true, Value: 1 };
        Value flags = context.Call("OneHot", [ids, ConstantData.Scalar($"{context.Name}/depth", depth), context.Number(1), context.Number(0)]);
        if (mode == "one_hot")
            return isSingle && rank > 1 ? context.Call("Squeeze", [flags], ("squeeze_dims", (long[])[rank - 1])) : flags;
        if (weights is not null)
            flags = context.F.Mul(flags, context.Call("ExpandDims", [context.AsFloat(weights), ConstantData.Scalar($"{context.Name}/axis", -1)]));
        return mode switch
        {
            "multi_hot" => rank == 1 ? flags : context.Reduce(BuiltinOperator.ReduceMax, flags, [-2], keepDims: false),
            "count" => rank == 1 ? flags : context.Reduce(BuiltinOperator.Sum, flags, [-2], keepDims: false),
            _ => throw context.Refuse($"output_mode '{mode}'"),
        };
    }

    private static Value Numbers(LayerContext context, string name)
    {
        float[] numbers = context.Config.Numbers(name);
        bool isList = context.Config.Of(name).ValueKind == System.Text.Json.JsonValueKind.Array;
        if (!context.Config.Has(name))
            return context.Number(name == "scale" ? 1 : 0);
        return isList ? ConstantData.Of($"{context.Name}/{name}", [numbers.Length], numbers) : context.Number(numbers[0]);
    }
}
