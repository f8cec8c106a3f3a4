using System.Buffers.Binary;
using System.Numerics;

namespace Quantize.Converter.TensorFlow;

/// <summary>CRC-32C, rotated and shifted so that the checksum of data that holds checksums stays useful.</summary>
internal static class MaskedCrc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Mask(Append(0, bytes));

    public static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xa282ead8;

    /// <summary>The plain CRC of what <paramref name="crc"/> stands for, followed by more bytes.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
