using System.Numerics;
using System.Runtime.InteropServices;

namespace Quantize.Runtime.Kernels;

/// <summary>8-bit codes less their zero point, as floats.</summary>
internal static class CenteredCodes
{
    public static void Store<T>(ReadOnlySpan<T> codes, int zeroPoint, Span<float> centered)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (typeof(T) == typeof(sbyte))
            Store(MemoryMarshal.Cast<T, sbyte>(codes), zeroPoint, centered);
        else
            Store(MemoryMarshal.Cast<T, byte>(codes), zeroPoint, centered);
    }

    private static void Store(ReadOnlySpan<sbyte> codes, int zeroPoint, Span<float> centered)
    {
        var zero = new Vector<float>(zeroPoint);
        int i = 0;
        for (; i <= codes.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(codes[i..]), out Vector<short> low, out Vector<short> high);
            Store(low, zero, centered[i..]);
            Store(high, zero, centered[(i + Vector<short>.Count)..]);
        }

        for (; i < codes.Length; i++)
            centered[i] = codes[i] - zeroPoint;
    }

    private static void Store(ReadOnlySpan<byte> codes, int zeroPoint, Span<float> centered)
    {
        var zero = new Vector<float>(zeroPoint);
        int i = 0;
        for (; i <= codes.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(codes[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Store(low.As<ushort, short>(), zero, centered[i..]);
            Store(high.As<ushort, short>(), zero, centered[(i + Vector<short>.Count)..]);
        }

        for (; i < codes.Length; i++)
            centered[i] = codes[i] - zeroPoint;
    }

    private static void Store(Vector<short> codes, Vector<float> zero, Span<float> centered)
    {
        Vector.Widen(codes, out Vector<int> low, out Vector<int> high);
        (Vector.ConvertToSingle(low) - zero).CopyTo(centered);
        (Vector.ConvertToSingle(high) - zero).CopyTo(centered[Vector<int>.Count..]);
    }
}
