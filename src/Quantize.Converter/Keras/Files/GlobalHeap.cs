using System.Buffers.Binary;

namespace Quantize.Converter.Keras.Files;

/// <summary>
/// The heap in which an HDF5 file has its texts: a signature, a size, and objects that tell their own sizes. The reader takes memory for an object before it reads it, so that
/// a size is held against the file's length first.
/// </summary>
internal static class GlobalHeap
{
    private const int HeaderLength = 16;

    public static bool Begins(ReadOnlySpan<byte> read) => read.SequenceEqual("GCOL"u8);

    /// <summary>Checks the heap whose signature has just been read; the stream stands where it stood.</summary>
    /// <exception cref="InvalidDataException">The heap or one of its objects is larger than what holds it.</exception>
    public static void Check(Stream file)
    {
        long behind = file.Position, start = behind - 4;
        Span<byte> header = stackalloc byte[HeaderLength];
        ulong size = SizeAt(file, start, header), room = (ulong)(file.Length - start);
        if (size < HeaderLength || size > room)
            throw new InvalidDataException($"a heap claims {size} bytes, and the file has {room} for it");
        long end = start + (long)size;
        for (long place = start + HeaderLength; place + HeaderLength <= end;)
        {
            ulong length = SizeAt(file, place, header);
            bool isFree = BinaryPrimitives.ReadUInt16LittleEndian(header) == 0;
            if (isFree)
                break;
            if (length > (ulong)(end - place - HeaderLength))
                throw new InvalidDataException($"an object claims {length} bytes of a heap of {size}");
            place += HeaderLength + ((long)length + 7) / 8 * 8;
        }

        file.Position = behind;
    }

    /// <summary>Both the heap and its objects have a size in the second half of their headers.</summary>
    private static ulong SizeAt(Stream file, long place, Span<byte> header)
    {
        file.Position = place;
        file.ReadExactly(header);
        return BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
    }
}
