using System.Numerics;
using System.Runtime.InteropServices;

namespace Quantize.Runtime.Kernels;

/// <summary>8-bit codes in the form of a product's activations: as bytes, whose sign bit may have to turn, or as 16 bits less their zero point.</summary>
internal static class StoredCodes
{
    private const byte SignBit = 0x80;

    /// <summary>The same bytes, or with the other sign bit: int8 plus 128 is uint8, and back.</summary>
    public static void AsBytes(ReadOnlySpan<byte> codes, bool turnSign, Span<byte> stored)
    {
        codes.CopyTo(stored);
        if (!turnSign)
            return;
        var sign = new Vector<byte>(SignBit);
        int i = 0;
        for (; i <= codes.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(codes[i..]) ^ sign).CopyTo(stored[i..]);
        for (; i < codes.Length; i++)
            stored[i] = (byte)(codes[i] ^ SignBit);
    }

    public static void AsWords(ReadOnlySpan<sbyte> codes, int zeroPoint, Span<short> stored)
    {
        var zero = new Vector<short>((short)zeroPoint);
        int i = 0;
        for (; i <= codes.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(codes[i..]), out Vector<short> low, out Vector<short> high);
            (low - zero).CopyTo(stored[i..]);
            (high - zero).CopyTo(stored[(i + Vector<short>.Count)..]);
        }

        for (; i < codes.Length; i++)
            stored[i] = (short)(codes[i] - zeroPoint);
    }

    public static void AsWords(ReadOnlySpan<byte> codes, int zeroPoint, Span<short> stored)
    {
        var zero = new Vector<short>((short)zeroPoint);
        int i = 0;
        for (; i <= codes.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(codes[i..]), out Vector<ushort> low, out Vector<ushort> high);
            (low.As<ushort, short>() - zero).CopyTo(stored[i..]);
            (high.As<ushort, short>() - zero).CopyTo(stored[(i + Vector<short>.Count)..]);
        }

        for (; i < codes.Length; i++)
            stored[i] = (short)(codes[i] - zeroPoint);
    }

    /// <summary>One byte of each 16-bit code: the high one with its sign, or the low one less 128; plus <paramref name="shift"/>.</summary>
    public static void ByteOfWords<T>(ReadOnlySpan<short> codes, bool low, int shift, Span<T> stored)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < codes.Length; i++)
            stored[i] = T.CreateTruncating((low ? (codes[i] & 0xFF) - SignBit : codes[i] >> 8) + shift);
    }
}
