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
        for (int i = 0; i < count; i++)
            codes[i] = At(packed, i, bits);
        return codes;
    }
}
