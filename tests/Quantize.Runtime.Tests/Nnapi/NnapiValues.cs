using System.Runtime.InteropServices;
using System.Text.Json;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>The numbers of a case as the bytes of a tensor, and back.</summary>
internal static class NnapiValues
{
    public static byte[] Bytes(NnapiOperand operand, JsonElement values) => operand.TensorType switch
    {
        TensorType.Float32 when operand.IsHalf => Of(values, value => (float)(Half)value.GetDouble()),
        TensorType.Float32 => Of(values, value => value.GetSingle()),
        TensorType.UInt8 => Of(values, value => (byte)value.GetDouble()),
        TensorType.Int8 => Of(values, value => (sbyte)value.GetDouble()),
        TensorType.Int16 => Of(values, value => (short)value.GetDouble()),
        TensorType.Bool => Of(values, value => value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.Number && value.GetDouble() != 0)),
        _ => Of(values, value => (int)value.GetDouble()),
    };

    public static byte[] Halves(JsonElement values) => Of(values, value => (Half)value.GetDouble());

    public static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(Number)];

    public static double[] Numbers(TensorType type, ReadOnlySpan<byte> bytes) => type switch
    {
        TensorType.Float32 => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), value => (double)value),
        TensorType.Int32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), value => (double)value),
        TensorType.Int16 => Array.ConvertAll(MemoryMarshal.Cast<byte, short>(bytes).ToArray(), value => (double)value),
        TensorType.Int8 => Array.ConvertAll(MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray(), value => (double)value),
        _ => Array.ConvertAll(bytes.ToArray(), value => (double)value),
    };

    private static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => value.GetDouble(),
    };

    private static byte[] Of<T>(JsonElement values, Func<JsonElement, T> element)
        where T : unmanaged => MemoryMarshal.AsBytes(values.EnumerateArray().Select(element).ToArray().AsSpan()).ToArray();
}
