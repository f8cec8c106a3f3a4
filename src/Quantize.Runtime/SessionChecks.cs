using System.Runtime.CompilerServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime;

/// <summary>What callers of a <see cref="Session"/> can get wrong, each told with what the model has.</summary>
internal static class SessionChecks
{
    public static void Position(int position, IReadOnlyList<TensorInfo> tensors, string signature, string what)
    {
        if ((uint)position >= (uint)tensors.Count)
            throw new ArgumentOutOfRangeException(what, position, $"the signature '{signature}' has {tensors.Count} {what}{(tensors.Count == 1 ? "" : "s")}, counted from 0");
    }

    public static void Shape(TensorInfo input, ReadOnlySpan<int> shape)
    {
        if (!input.Takes(shape))
            throw new ArgumentException($"input '{input.Key}' has the shape {ShapeText.Of(input.Shape)} and cannot take [{string.Join(',', shape.ToArray())}]", nameof(shape));
    }

    public static void Type<T>(TensorInfo tensor, TensorSlot slot)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() * 8 != slot.Type.Bits() || !Fits<T>(slot.Type))
            throw new ArgumentException($"'{tensor.Key}' has elements of type {slot.Type}, not {typeof(T).Name}");
    }

    public static void Strings(TensorInfo tensor, TensorSlot slot, int count)
    {
        if (slot.Type != TensorType.String)
            throw new ArgumentException($"'{tensor.Key}' has elements of type {slot.Type}, not strings");
        if (slot.ElementCount != count)
            throw new ArgumentException($"'{tensor.Key}' of shape [{string.Join(',', slot.Shape)}] takes {slot.ElementCount} strings, but {count} were given");
    }

    public static int IndexOf(IReadOnlyList<TensorInfo> tensors, string key, string what)
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Key == key)
                return i;
        }

        throw new ArgumentException($"the signature has no {what} '{key}'; it has {string.Join(", ", tensors.Select(tensor => $"'{tensor.Key}'"))}", nameof(key));
    }

    private static bool Fits<T>(TensorType type) => type switch
    {
        TensorType.Float32 => typeof(T) == typeof(float),
        TensorType.Float16 => typeof(T) == typeof(Half),
        TensorType.Float64 => typeof(T) == typeof(double),
        TensorType.Int8 => typeof(T) == typeof(sbyte),
        TensorType.UInt8 => typeof(T) == typeof(byte),
        TensorType.Int16 => typeof(T) == typeof(short),
        TensorType.UInt16 => typeof(T) == typeof(ushort),
        TensorType.Int32 => typeof(T) == typeof(int),
        TensorType.UInt32 => typeof(T) == typeof(uint),
        TensorType.Int64 => typeof(T) == typeof(long),
        TensorType.UInt64 => typeof(T) == typeof(ulong),
        TensorType.Bool => typeof(T) == typeof(bool),
        _ => false,
    };
}
