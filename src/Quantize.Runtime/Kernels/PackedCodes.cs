namespace Quantize.Runtime.Kernels;

/// <summary>Signed codes of 4 or 2 bits; the first element lies in a byte's lowest bits.</summary>
internal static class PackedCodes
{
    public static sbyte At(ReadOnlySpan<byte> packed, int index, int bits)
    {
        int inByte = 8 / bits;
        return (sbyte)((sbyte)(packed[index / inByte] << (8 - bits - index % inByte * bits)) >> (8 - bits));
    }

    public static sbyte[] Unpack(ReadOnlySpan<byte> packed, int count, int bits)
    {
        var codes = new sbyte[count];
        Unpack(packed, bits, codes);
        return codes;
    }

    public static void Unpack(ReadOnlySpan<byte> packed, int bits, Span<sbyte> codes)
    {
        for (int i = 0; i < codes.Length; i++)
            codes[i] = At(packed, i, bits);
    }

    /// <summary>The low bits of each code; what is left over in the last byte is 0.</summary>
    public static void Pack(ReadOnlySpan<sbyte> codes, int bits, Span<byte> packed)
    {
        int inByte = 8 / bits, mask = (1 << bits) - 1;
        packed.Clear();
        for (int i = 0; i < codes.Length; i++)
            packed[i / inByte] |= (byte)((codes[i] & mask) << (i % inByte * bits));
    }
}
