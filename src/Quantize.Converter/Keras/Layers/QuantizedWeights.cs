using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Keras.Layers;

/// <summary>
/// Weights of layers that Keras itself has quantized, in float. 8-bit ones have a divisor for each column behind the bias; two 4-bit ones share a byte, and have
/// scales and zero points for groups of rows, or a divisor for each column.
/// </summary>
internal static class QuantizedWeights
{
    private const float LeastMagnitude = 1e-7f;

    public static Value Kernel(LayerContext context, string name, params int[] shape) =>
        Weight(context, name, context.Config.Flag("use_bias", absent: true) ? 2 : 1, shape);

    /// <summary>The rows of an embedding; their divisors are those of rows.</summary>
    public static Value Table(LayerContext context, string name, params int[] shape) => Weight(context, name, 1, shape);

    /// <summary>8-bit dense layers round their input to 127 steps on either side of 0, for each row by itself.</summary>
    public static (Value Rounded, Value Scale)? Rounded(LayerContext context, Value x) => Rounded(context, x, [x.Shape.Rank - 1]);

    public static (Value Rounded, Value Scale)? Rounded(LayerContext context, Value x, int[] axes)
    {
        bool rounds = new LayerConfig(new LayerConfig(context.Config.Of("quantization_config")).Of("config")).Has("activation_quantizer");
        if (!rounds)
            return null;
        Value greatest = context.F.Add(context.Reduce(BuiltinOperator.ReduceMax, context.F.Abs(x), axes, keepDims: true), context.Number(LeastMagnitude));
        Value scale = context.F.Div(context.Number(127), greatest);
        return (Activations.Clip(context, context.Call("Round", [context.F.Mul(x, scale)]), -127, 127), scale);
    }

    private static Value Weight(LayerContext context, string name, int scaleNumber, int[] shape)
    {
        Value? stored = context.Weights.Own(0, $"{context.Name}/{name}");
        if (stored is not { Type: TensorType.Int8 })
            return context.Weight(0, name, shape);
        bool isPacked = stored.Shape[^1] == (shape[^1] + 1) / 2 && shape[^1] > 1;
        Value codes = isPacked ? stored.Form("nibbles", () => Unpacked(stored, shape)) : WeightForms.AsFloat(context.Stored(context.Weights, 0, name, shape));
        Value scale = context.Weights.Own(scaleNumber, $"{context.Name}/scale") ?? throw new LayerException($"the file has no scale for its '{name}'");
        bool isOfRows = scaleNumber == 1 && name == "embeddings";
        if (context.Weights.Own(scaleNumber + 1, $"{context.Name}/zero") is { } zero && context.Weights.Own(scaleNumber + 2, $"{context.Name}/groups") is { } groups)
            return Grouped(codes, WeightForms.AsFloat(scale), WeightForms.AsFloat(zero), WeightForms.AsFloat(groups), isOfRows);
        return Divided(codes, WeightForms.AsFloat(scale), isOfRows);
    }

    /// <summary>The low half of a byte comes before the high one.</summary>
    private static Value Unpacked(Value packed, int[] shape) => Value.Constant(packed.Name, TensorType.Float32, shape, () =>
    {
        ReadOnlySpan<byte> bytes = packed.Data.Span;
        int columns = shape[^1], width = (columns + 1) / 2;
        var floats = new float[shape.Aggregate(1, (product, length) => checked(product * length))];
        for (int i = 0; i < floats.Length; i++)
        {
            int pair = bytes[i / columns * width + i % columns / 2], half = i % columns % 2 == 0 ? pair & 15 : pair >> 4;
            floats[i] = (half ^ 8) - 8;
        }

        return Bytes(floats);
    });

    private static Value Divided(Value codes, Value scale, bool isOfRows)
    {
        int columns = codes.Shape[^1].Value;
        int count = isOfRows ? codes.Shape[0].Value : columns;
        if (scale.Shape.ElementCount != count)
            throw new LayerException($"its scale has the shape {scale.Shape}, not {count} numbers");
        return Value.Constant(codes.Name, TensorType.Float32, codes.Shape.ToArray(), () =>
        {
            float[] floats = ConstantData.Floats(codes).ToArray();
            ReadOnlySpan<float> divisors = ConstantData.Floats(scale);
            for (int i = 0; i < floats.Length; i++)
                floats[i] /= divisors[isOfRows ? i / columns : i % columns];
            return Bytes(floats);
        });
    }

    /// <summary>(code - zero) * scale, with scale and zero of the group that a row belongs to; in an embedding, a column, and each row has scales of its own.</summary>
    private static Value Grouped(Value codes, Value scale, Value zero, Value groups, bool isOfRows)
    {
        int rows = codes.Shape[0].Value, columns = codes.Shape[1].Value;
        (int across, int along) = isOfRows ? (rows, columns) : (columns, rows);
        bool fits = scale.Shape.Rank == 2 && scale.Shape.Equals(zero.Shape) && scale.Shape[isOfRows ? 0 : 1] == across && groups.Shape.ElementCount == along;
        if (!fits)
            throw new LayerException($"its scales {scale.Shape}, zero points {zero.Shape} and groups {groups.Shape} do not go with {codes.Shape}");
        int count = scale.Shape[isOfRows ? 1 : 0].Value;
        return Value.Constant(codes.Name, TensorType.Float32, codes.Shape.ToArray(), () =>
        {
            float[] floats = ConstantData.Floats(codes).ToArray();
            ReadOnlySpan<float> scales = ConstantData.Floats(scale), zeros = ConstantData.Floats(zero), members = ConstantData.Floats(groups);
            for (int i = 0; i < floats.Length; i++)
            {
                (int row, int column) = (i / columns, i % columns);
                int group = (int)members[isOfRows ? column : row];
                if (group < 0 || group >= count)
                    throw new LayerException($"{(isOfRows ? $"column {column}" : $"row {row}")} belongs to the group {group}, which has no scale");
                int place = isOfRows ? row * count + group : group * columns + column;
                floats[i] = (floats[i] - zeros[place]) * scales[place];
            }

            return Bytes(floats);
        });
    }

    private static ReadOnlyMemory<byte> Bytes(float[] floats) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan()).ToArray();
}
