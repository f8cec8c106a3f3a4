using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>A rectangular part of a tensor: where it starts in each dimension and how long it is.</summary>
internal sealed record TensorSlice(int[] FullShape, int[] Starts, int[] Lengths)
{
    public long Count => Lengths.Aggregate(1L, (product, length) => product * length);

    public static TensorSlice? Of(TensorSliceProto proto, int[] shape)
    {
        if (proto.Extent.Count != shape.Length)
            return null;
        (long Start, long Length)[] extents =
            [.. proto.Extent.Select((extent, axis) => extent.HasLengthCase == TensorSliceProto.Types.Extent.HasLengthOneofCase.None
                ? (0L, (long)shape[axis])
                : (extent.Start, extent.Length))];
        return Of(extents, shape);
    }

    /// <summary>TensorFlow's text: the full shape, then <c>start,length</c> or <c>-</c> for each dimension, colons between.</summary>
    public static TensorSlice? Parse(string text, int[] shape)
    {
        string[] parts = text.Split(' ');
        string[] extents = parts[^1].Split(':');
        if (parts.Length != shape.Length + 1 || extents.Length != shape.Length)
            return null;
        var numbers = new (long Start, long Length)[shape.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            string[] pair = extents[axis].Split(',');
            if (!TryNumber(parts[axis], out long full) || full != shape[axis])
                return null;
            if (extents[axis] == "-")
                numbers[axis] = (0, shape[axis]);
            else if (pair.Length != 2 || !TryNumber(pair[0], out numbers[axis].Start) || !TryNumber(pair[1], out numbers[axis].Length))
                return null;
        }

        return Of(numbers, shape);
    }

    /// <summary>The key of a part's entry: numbers and text in an encoding that sorts like what it stands for.</summary>
    public static byte[] Key(string name, TensorSliceProto slice)
    {
        var key = new List<byte> { 0 };
        foreach (byte one in Encoding.UTF8.GetBytes(name))
            key.AddRange(one switch { 0 => [0, 0xff], 0xff => [0xff, 0], _ => (byte[])[one] });
        key.AddRange((byte[])[0, 1]);
        key.AddRange(slice.Extent.Count == 0 ? [0] : (byte[])[1, (byte)slice.Extent.Count]);
        foreach (TensorSliceProto.Types.Extent extent in slice.Extent)
        {
            bool whole = extent.HasLengthCase == TensorSliceProto.Types.Extent.HasLengthOneofCase.None;
            WriteSigned(key, whole ? 0 : extent.Start);
            WriteSigned(key, whole ? -1 : extent.Length);
        }

        return [.. key];
    }

    /// <summary>The bytes of this part of a dense tensor.</summary>
    public byte[] CutFrom(TfTensor whole)
    {
        int elementSize = whole.Type.ByteSize();
        var part = new byte[Count * elementSize];
        ReadOnlySpan<byte> source = whole.Bytes.Span;
        int at = 0;
        foreach ((int offset, int length) in Rows(elementSize))
        {
            source.Slice(offset, length).CopyTo(part.AsSpan(at));
            at += length;
        }

        return part;
    }

    public static ReadOnlyMemory<byte> Join(IEnumerable<(TensorSlice Slice, TfTensor Tensor)> parts, TfDataType type, int[] shape)
    {
        var whole = new byte[shape.Aggregate(1L, (product, size) => product * size) * type.ByteSize()];
        foreach ((TensorSlice slice, TfTensor tensor) in parts)
        {
            ReadOnlySpan<byte> source = tensor.Bytes.Span;
            foreach ((int offset, int length) in slice.Rows(type.ByteSize()))
            {
                source[..length].CopyTo(whole.AsSpan(offset));
                source = source[length..];
            }
        }

        return whole;
    }

    private static TensorSlice? Of((long Start, long Length)[] extents, int[] shape)
    {
        for (int axis = 0; axis < shape.Length; axis++)
        {
            (long start, long length) = extents[axis];
            if (start < 0 || length < 0 || start > shape[axis] || length > shape[axis] - start)
                return null;
        }

        return new TensorSlice(shape, [.. extents.Select(extent => (int)extent.Start)], [.. extents.Select(extent => (int)extent.Length)]);
    }

    /// <summary>Byte ranges of the part's rows (its last dimension) within the whole tensor, in order.</summary>
    private IEnumerable<(int Offset, int Length)> Rows(int elementSize)
    {
        int rank = FullShape.Length;
        int rowLength = rank == 0 ? 1 : Lengths[^1];
        long rows = rowLength == 0 ? 0 : Count / rowLength;
        for (long row = 0; row < rows; row++)
        {
            long offset = 0;
            long rest = row;
            long stride = 1;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                long place = axis == rank - 1 ? 0 : rest % Lengths[axis];
                rest = axis == rank - 1 ? rest : rest / Lengths[axis];
                offset += (Starts[axis] + place) * stride;
                stride *= FullShape[axis];
            }

            yield return ((int)(offset * elementSize), rowLength * elementSize);
        }
    }

    /// <summary>Big-endian two's complement, as short as possible, the length told by leading ones (of a negative number, zeros).</summary>
    private static void WriteSigned(List<byte> key, long value)
    {
        ulong magnitude = (ulong)(value < 0 ? ~value : value);
        int length = ((64 - System.Numerics.BitOperations.LeadingZeroCount(magnitude)) / 7) + 1;
        Span<byte> bytes = stackalloc byte[10];
        bytes[..2].Fill(value < 0 ? (byte)0xff : (byte)0);
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], value);
        Span<byte> written = bytes[(10 - length)..];
        ushort header = (ushort)(0xffff << (16 - length));
        written[0] ^= (byte)(header >> 8);
        if (length > 1)
            written[1] ^= (byte)header;
        key.AddRange(written);
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
