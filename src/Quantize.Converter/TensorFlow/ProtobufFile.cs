using System.Text.Unicode;
using Google.Protobuf;
using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>Reads one protobuf message from a file, or says why the file is none.</summary>
internal static class ProtobufFile
{
    /// <summary>Functions within attributes nest deeper than protobuf's own limit of 100.</summary>
    private const int RecursionLimit = 400;

    private const int Beginning = 512;

    /// <summary>The message of a whole file. Tensors of many bytes are left in the file: see <see cref="TensorOutline"/>.</summary>
    public static T Read<T>(string file, MessageParser<T> parser, MessagePart root, string kind)
        where T : IMessage<T>
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            Check(file, stream);
            return Parse(TensorOutline.Of(stream, root), parser);
        }
        catch (Exception problem) when (problem is InvalidProtocolBufferException or InvalidDataException or EndOfStreamException or FormatException)
        {
            throw ConversionException.Damaged(file, $"it is no {kind}, or cut off or altered ({problem.Message})", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw ConversionException.Damaged(file, $"it cannot be opened ({problem.Message})", problem);
        }
    }

    /// <summary>A message within bytes already read; the caller names the file.</summary>
    public static T Parse<T>(byte[] bytes, MessageParser<T> parser)
        where T : IMessage<T> => Parse(new MemoryStream(bytes), parser);

    private static T Parse<T>(MemoryStream stream, MessageParser<T> parser)
        where T : IMessage<T>
    {
        using CodedInputStream input = CodedInputStream.CreateWithLimits(stream, (int)stream.Length, RecursionLimit);
        return parser.WithDiscardUnknownFields(true).ParseFrom(input);
    }

    /// <summary>A graph is full of lengths and tags, which are control characters. The beginning of a longer text may end within a letter.</summary>
    private static bool IsText(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> whole = start.Length < Beginning ? start : start[..(start.LastIndexOfAnyInRange((byte)0, (byte)127) + 1)];
        return Utf8.IsValid(whole) && !whole.ContainsAnyInRange((byte)0, (byte)8) && !whole.ContainsAnyInRange((byte)14, (byte)31);
    }

    private static void Check(string file, FileStream stream)
    {
        if (stream.Length == 0)
            throw ConversionException.Damaged(file, "the file is empty (0 bytes)");
        if (stream.Length > int.MaxValue)
            throw new ConversionException(DiagnosticTable.ModelTooLarge, file, $"{stream.Length}");

        Span<byte> start = stackalloc byte[Beginning];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.StartsWith("version https://git-lfs"u8))
            throw new ConversionException(DiagnosticTable.GitLfsPointer, file);
        if (start.StartsWith("node {"u8) || start.StartsWith("saved_model_schema_version:"u8))
            throw new ConversionException(DiagnosticTable.UnknownFormat, file, "it is protobuf in text form; save it in binary form (as_text=False)");
        if (start[1..].StartsWith("HDF\r\n"u8) || start.StartsWith("PK\x03\x04"u8))
            throw new ConversionException(DiagnosticTable.UnknownFormat, file, "it is an HDF5 or zip file, as Keras writes, in a SavedModel's place; name the file itself, and call it .h5 or .keras");
        if (IsText(start))
            throw new ConversionException(DiagnosticTable.UnknownFormat, file, "it is text");
        stream.Position = 0;
    }
}
