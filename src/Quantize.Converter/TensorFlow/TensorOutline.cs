using System.Text;
using Google.Protobuf;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A model's messages without the bulk of its weights: where a tensor has many bytes, <c>tensor_content</c> is left out, and <c>content_offset</c> and
/// <c>content_length</c> say where in the file it lies. All else is copied as it is, for protobuf to judge.
/// </summary>
internal sealed class TensorOutline
{
    /// <summary>Tensors of fewer bytes are copied.</summary>
    public const int FewestBytes = 1024;

    /// <summary>A length that is filled in later is written as long as the longest of 32 bits, which protobuf allows.</summary>
    private const int LengthBytes = 5;

    /// <summary>A map is stored as messages of a key, field 1, and a value.</summary>
    private const int MapEntryValue = 2;

    private static readonly Dictionary<(MessagePart Part, long Field), MessagePart> s_inner = new()
    {
        [(MessagePart.SavedModel, SavedModel.MetaGraphsFieldNumber)] = MessagePart.MetaGraph,
        [(MessagePart.MetaGraph, MetaGraphDef.GraphDefFieldNumber)] = MessagePart.Graph,
        [(MessagePart.Graph, GraphDef.NodeFieldNumber)] = MessagePart.Node,
        [(MessagePart.Graph, GraphDef.LibraryFieldNumber)] = MessagePart.Library,
        [(MessagePart.Library, FunctionDefLibrary.FunctionFieldNumber)] = MessagePart.Function,
        [(MessagePart.Function, FunctionDef.NodeDefFieldNumber)] = MessagePart.Node,
        [(MessagePart.Node, NodeDef.AttrFieldNumber)] = MessagePart.Attribute,
        [(MessagePart.Attribute, MapEntryValue)] = MessagePart.AttributeValue,
        [(MessagePart.AttributeValue, AttrValue.TensorFieldNumber)] = MessagePart.Tensor,
        [(MessagePart.Tensor, TensorProto.TensorContentFieldNumber)] = MessagePart.TensorContent,
    };

    private readonly Stream _file;
    private readonly BinaryReader _reader;
    private readonly MemoryStream _outline = new();
    private readonly BinaryWriter _writer;

    private TensorOutline(Stream file)
    {
        _file = file;
        _reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        _writer = new BinaryWriter(_outline);
    }

    /// <summary>The outline of a whole file, to be read from its beginning.</summary>
    /// <exception cref="InvalidDataException">A field reaches beyond its message, or the file is no protobuf at all.</exception>
    public static MemoryStream Of(Stream file, MessagePart root)
    {
        var outline = new TensorOutline(file);
        outline.CopyMessage(root, file.Length);
        outline._outline.Position = 0;
        return outline._outline;
    }

    private void CopyMessage(MessagePart part, long end)
    {
        while (_file.Position < end)
            CopyField(part, Varint(end), end);
    }

    private void CopyField(MessagePart part, long tag, long end)
    {
        switch ((WireFormat.WireType)(tag & 7))
        {
            case WireFormat.WireType.Varint:
                _writer.Write7BitEncodedInt64(tag);
                _writer.Write7BitEncodedInt64(Varint(end));
                break;
            case WireFormat.WireType.Fixed64:
                _writer.Write7BitEncodedInt64(tag);
                CopyBytes(Within(sizeof(long), end));
                break;
            case WireFormat.WireType.Fixed32:
                _writer.Write7BitEncodedInt64(tag);
                CopyBytes(Within(sizeof(int), end));
                break;
            case WireFormat.WireType.LengthDelimited:
                CopyDelimited(s_inner.GetValueOrDefault((part, tag >>> 3)), tag, Within(Varint(end), end));
                break;
            default:
                _writer.Write7BitEncodedInt64(tag);
                break;
        }
    }

    private void CopyDelimited(MessagePart part, long tag, int length)
    {
        if (part == MessagePart.TensorContent && length >= FewestBytes)
        {
            LeaveOut(length);
        }
        else if (part is MessagePart.Other or MessagePart.TensorContent)
        {
            _writer.Write7BitEncodedInt64(tag);
            _writer.Write7BitEncodedInt64(length);
            CopyBytes(length);
        }
        else
        {
            _writer.Write7BitEncodedInt64(tag);
            int start = (int)_outline.Position + LengthBytes;
            WriteLength(0);
            CopyMessage(part, _file.Position + length);
            FillLength(start);
        }
    }

    private void LeaveOut(int length)
    {
        _writer.Write7BitEncodedInt64(WireFormat.MakeTag(TensorProto.ContentOffsetFieldNumber, WireFormat.WireType.Varint));
        _writer.Write7BitEncodedInt64(_file.Position);
        _writer.Write7BitEncodedInt64(WireFormat.MakeTag(TensorProto.ContentLengthFieldNumber, WireFormat.WireType.Varint));
        _writer.Write7BitEncodedInt64(length);
        _file.Position += length;
    }

    private void CopyBytes(int count)
    {
        int start = (int)_outline.Position;
        _outline.SetLength(start + (long)count);
        _file.ReadExactly(_outline.GetBuffer(), start, count);
        _outline.Position = start + count;
    }

    /// <summary>The message that began at <paramref name="start"/> ends here.</summary>
    private void FillLength(int start)
    {
        long end = _outline.Position;
        _outline.Position = start - LengthBytes;
        WriteLength((int)end - start);
        _outline.Position = end;
    }

    private void WriteLength(int length)
    {
        for (int i = 1; i < LengthBytes; i++, length >>= 7)
            _outline.WriteByte((byte)(length | 0x80));
        _outline.WriteByte((byte)length);
    }

    private long Varint(long end)
    {
        long number = _reader.Read7BitEncodedInt64();
        return _file.Position <= end ? number : throw Overrun();
    }

    private int Within(long length, long end) => length >= 0 && length <= end - _file.Position ? (int)length : throw Overrun();

    private InvalidDataException Overrun() => new(FormattableString.Invariant($"at byte {_file.Position} a field reaches beyond its message"));
}
