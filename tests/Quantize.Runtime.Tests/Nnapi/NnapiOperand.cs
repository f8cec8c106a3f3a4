using System.Text.Json;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>A tensor or a scalar of a case: what it is, and its value where it is a constant.</summary>
internal sealed record NnapiOperand(string Name, JsonElement Entry)
{
    public string Type { get; } = Entry.GetProperty("type").GetString()!;

    public int[] Shape { get; } = [.. Entry.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt32())];

    public string Role { get; } = Entry.GetProperty("role").GetString()!;

    public int ZeroPoint { get; } = Entry.TryGetProperty("zeroPoint", out JsonElement zeroPoint) ? zeroPoint.GetInt32() : 0;

    public int Axis { get; } = Entry.TryGetProperty("channelDim", out JsonElement axis) ? axis.GetInt32() : 0;

    /// <summary>One scale, or one for each index of the axis; none for a tensor of numbers.</summary>
    public float[] Scales { get; } = Entry.TryGetProperty("scales", out JsonElement scales) ? [.. scales.EnumerateArray().Select(scale => scale.GetSingle())]
        : Entry.TryGetProperty("scale", out JsonElement scale) ? [scale.GetSingle()] : [];

    public JsonElement? Value { get; } = Entry.TryGetProperty("value", out JsonElement value) ? value : null;

    public bool IsHalf => Type.EndsWith("FLOAT16", StringComparison.Ordinal);

    /// <summary>The type of the tensor that stands for it: halves are computed as floats, codes keep their width.</summary>
    public TensorType TensorType => Type switch
    {
        "TENSOR_FLOAT32" or "TENSOR_FLOAT16" or "FLOAT32" or "FLOAT16" => TensorType.Float32,
        "TENSOR_QUANT8_ASYMM" => TensorType.UInt8,
        "TENSOR_QUANT8_SYMM_PER_CHANNEL" => TensorType.Int8,
        "TENSOR_QUANT16_SYMM" => TensorType.Int16,
        "TENSOR_BOOL8" or "BOOL" => TensorType.Bool,
        "TENSOR_INT32" or "INT32" => TensorType.Int32,
        _ => throw new InvalidDataException($"'{Name}' is of the type {Type}"),
    };
}
