using System.Text.Json;
using Quantize.Runtime;

namespace Quantize.Converter.Keras.Models;

/// <summary>Element types and policies by their names in a configuration.</summary>
internal static class DataTypes
{
    private static readonly Dictionary<string, TensorType> s_types = new(StringComparer.Ordinal)
    {
        ["float32"] = TensorType.Float32,
        ["float16"] = TensorType.Float16,
        ["bfloat16"] = TensorType.BFloat16,
        ["float64"] = TensorType.Float64,
        ["int8"] = TensorType.Int8,
        ["uint8"] = TensorType.UInt8,
        ["int16"] = TensorType.Int16,
        ["uint16"] = TensorType.UInt16,
        ["int32"] = TensorType.Int32,
        ["uint32"] = TensorType.UInt32,
        ["int64"] = TensorType.Int64,
        ["uint64"] = TensorType.UInt64,
        ["bool"] = TensorType.Bool,
        ["mixed_float16"] = TensorType.Float16,
        ["mixed_bfloat16"] = TensorType.BFloat16,
    };

    public static bool IsFloat(TensorType type) => type is TensorType.Float32 or TensorType.Float16 or TensorType.BFloat16 or TensorType.Float64;

    public static TensorType Of(string name) =>
        s_types.TryGetValue(name, out TensorType type) ? type : throw new LayerException($"elements of the type '{name}' are not supported");

    /// <summary>The type that a layer computes in: its <c>dtype</c>, or what its policy says.</summary>
    public static TensorType ComputedBy(LayerConfig config) => Of(NameOf(config));

    /// <summary>How Keras itself has quantized the layer (<c>int8</c>, <c>float8</c>...); null where it has not.</summary>
    public static string? QuantizationOf(LayerConfig config)
    {
        JsonElement type = config.Of("dtype");
        LayerConfig policy = new(type.ValueKind == JsonValueKind.Object ? KerasObject.Of(type).Config.Json : default);
        if (policy.Has("mode"))
            return policy.Text("mode", "").Split('/')[0];
        string name = type.ValueKind == JsonValueKind.String ? type.GetString()! : policy.Text("name", "");
        int source = name.IndexOf("_from_", StringComparison.Ordinal);
        return source < 0 ? null : name[..source].Split('/')[0];
    }

    /// <summary>The name in <c>dtype</c>, which is a text or a policy of either Keras.</summary>
    public static string NameOf(LayerConfig config)
    {
        JsonElement type = config.Of("dtype");
        if (type.ValueKind == JsonValueKind.Object)
        {
            var policy = new LayerConfig(KerasObject.Of(type).Config.Json);
            return policy.Has("source_name") ? policy.Text("source_name", "float32") : policy.Text("name", "float32");
        }

        string name = type.ValueKind == JsonValueKind.String ? type.GetString()! : "float32";
        int source = name.IndexOf("_from_", StringComparison.Ordinal);
        return source < 0 ? name : name[(source + "_from_".Length)..];
    }
}
