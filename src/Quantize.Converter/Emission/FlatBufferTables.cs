using System.Runtime.InteropServices;
using Google.FlatBuffers;

namespace Quantize.Converter.Emission;

/// <summary>Vectors for tables that are written by slot number.</summary>
internal static class FlatBufferTables
{
    /// <summary>Constants lie on multiples of this, so that a reader may use them in place.</summary>
    public const int DataAlignment = 16;

    public static int Vector(this FlatBufferBuilder builder, ReadOnlySpan<int> numbers)
    {
        builder.StartVector(sizeof(int), numbers.Length, sizeof(int));
        for (int i = numbers.Length - 1; i >= 0; i--)
            builder.AddInt(numbers[i]);
        return builder.EndVector().Value;
    }

    public static int Vector(this FlatBufferBuilder builder, ReadOnlySpan<long> numbers)
    {
        builder.StartVector(sizeof(long), numbers.Length, sizeof(long));
        for (int i = numbers.Length - 1; i >= 0; i--)
            builder.AddLong(numbers[i]);
        return builder.EndVector().Value;
    }

    public static int Vector(this FlatBufferBuilder builder, ReadOnlySpan<float> numbers)
    {
        builder.StartVector(sizeof(float), numbers.Length, sizeof(float));
        for (int i = numbers.Length - 1; i >= 0; i--)
            builder.AddFloat(numbers[i]);
        return builder.EndVector().Value;
    }

    public static int OffsetVector(this FlatBufferBuilder builder, ReadOnlySpan<int> offsets)
    {
        builder.StartVector(sizeof(int), offsets.Length, sizeof(int));
        for (int i = offsets.Length - 1; i >= 0; i--)
            builder.AddOffset(offsets[i]);
        return builder.EndVector().Value;
    }

    public static int DataVector(this FlatBufferBuilder builder, ReadOnlyMemory<byte> data)
    {
        builder.StartVector(1, data.Length, DataAlignment);
        builder.Add(MemoryMarshal.TryGetArray(data, out ArraySegment<byte> segment) ? segment : new ArraySegment<byte>(data.ToArray()));
        return builder.EndVector().Value;
    }
}
