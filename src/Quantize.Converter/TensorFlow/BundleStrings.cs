using System.Buffers.Binary;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Texts in a shard: their lengths as varints, a masked CRC of the lengths, then the texts. Both checksums take the lengths as 32-bit numbers.
/// </summary>
internal static class BundleStrings
{
    public static byte[][] Read(byte[] bytes, int count, uint crc, string shard, string name)
    {
        if (count > bytes.Length)
            throw Damaged($"has {count} texts in {bytes.Length} bytes");
        var lengths = new byte[4 * count];
        var texts = new byte[count][];
        int position = 0;
        for (int i = 0; i < count; i++)
        {
            if (!Varints.TryRead(bytes, ref position, out ulong length) || length > (ulong)bytes.Length)
                throw Damaged("has a text that is longer than the tensor");
            texts[i] = new byte[length];
            BinaryPrimitives.WriteUInt32LittleEndian(lengths.AsSpan(4 * i), (uint)length);
        }

        if (bytes.Length - position < 4 || texts.Sum(text => (long)text.Length) != bytes.Length - position - 4)
            throw Damaged("has texts that do not fill the tensor");
        uint running = MaskedCrc32C.Append(0, lengths);
        if (MaskedCrc32C.Mask(running) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(position)))
            throw Damaged("has a checksum that does not match: the file was altered");
        if (MaskedCrc32C.Mask(MaskedCrc32C.Append(running, bytes.AsSpan(position))) != crc)
            throw Damaged("has a checksum that does not match: the file was altered");

        position += 4;
        foreach (byte[] text in texts)
        {
            bytes.AsSpan(position, text.Length).CopyTo(text);
            position += text.Length;
        }

        return texts;

        ConversionException Damaged(string fact) => ConversionException.Damaged(shard, $"the text variable '{name}' {fact}");
    }
}
