using System.Buffers.Binary;
using Quantize.Converter.Graphs;

namespace Quantize.Converter.TfLite;

/// <summary>
/// The zip archive that TFLite Metadata appends to a file, as bytes that can stand behind another file: local entries, the directory that names their places, and the record at the end that
/// names the directory's. Places count from the file's begin, or from the archive's where it was made apart.
/// </summary>
internal static class AppendedArchive
{
    private const uint EndSignature = 0x06054B50, DirectorySignature = 0x02014B50;
    private const int EndLength = 22, EndCount = 10, EndDirectorySize = 12, EndDirectoryOffset = 16, MostComment = ushort.MaxValue;
    private const int HeaderLength = 46, HeaderNameLength = 28, HeaderOffset = 42;

    /// <summary>The archive in <paramref name="kept"/>; nothing where the file has none, or one that cannot be read.</summary>
    public static KeptBytes Keep(byte[] file, KeptBytes kept)
    {
        int end = FindEnd(file);
        if (end < 0)
            return kept;
        uint size = Number(file, end + EndDirectorySize), offset = Number(file, end + EndDirectoryOffset);
        long directory = end - (long)size, shift = directory - offset;
        if (directory < 0 || Headers(file, (int)directory, end) is not { Count: > 0 } headers)
            return kept;
        long start = headers.Min(header => Number(file, header + HeaderOffset) + shift);
        if (start <= 0 || start >= directory || headers.Count != BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(end + EndCount)))
            return kept;
        byte[] archive = file[(int)start..];
        int[] offsets = [.. headers.Select(header => header + HeaderOffset - (int)start), end + EndDirectoryOffset - (int)start];
        foreach (int at in offsets)
            BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(at), (uint)(Number(archive, at) + shift - start));
        return kept with { Archive = archive, ArchiveOffsets = offsets };
    }

    /// <summary>Position of the record at the end, behind which there may be a comment; -1 where there is none.</summary>
    private static int FindEnd(byte[] file)
    {
        for (int at = file.Length - EndLength; at >= Math.Max(0, file.Length - EndLength - MostComment); at--)
        {
            if (Number(file, at) == EndSignature)
                return at;
        }

        return -1;
    }

    /// <summary>Positions of the directory's headers; null where one does not end inside it.</summary>
    private static List<int>? Headers(byte[] file, int directory, int end)
    {
        var headers = new List<int>();
        for (int at = directory; at < end; at += HeaderLength)
        {
            if (at + HeaderLength > end || Number(file, at) != DirectorySignature)
                return null;
            headers.Add(at);
            for (int field = 0; field < 3; field++)
                at += BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(headers[^1] + HeaderNameLength + field * sizeof(ushort)));
        }

        return headers;
    }

    private static uint Number(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
