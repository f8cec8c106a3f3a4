using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Decodes a constant. Its elements lie as bytes in one field, or in the repeated field of their type, where the last value stands for all that follow.
/// Sizes are checked at once; repeated values are spread out when first asked for.
/// </summary>
internal static class TensorProtoReader
{
    public static TfTensor Read(TensorProto proto, string file, string node)
    {
        TfDataType type = TfDataTypes.Of(proto.Dtype);
        if (type == TfDataType.Invalid)
            throw Damaged($"has the unknown element type {proto.Dtype}");
        if (!TryShape(proto.TensorShape, out int[] shape, out long count))
            throw Damaged("has a shape that is open or larger than memory");
        if (type == TfDataType.String)
            return new TfTensor(shape, Strings(proto, count, Damaged));
        if (type.ByteSize() == 0)
            return new TfTensor(type, shape, ReadOnlyMemory<byte>.Empty);

        long byteCount = count * type.ByteSize();
        if (byteCount > Array.MaxLength)
            throw Damaged($"would take {byteCount} bytes");
        long given = proto.ContentLength == 0 ? proto.TensorContent.Length : proto.ContentLength;
        if (given != 0)
        {
            return given == byteCount
                ? new TfTensor(type, shape, Content(proto, file, node))
                : throw Damaged($"has {given} bytes where its type and shape ask for {byteCount}");
        }

        int stored = StoredCount(proto, type);
        if (stored > count)
            throw Damaged($"has {stored} values where its shape asks for {count}");
        return new TfTensor(type, shape, () => Spread(proto, type, (int)count));

        ConversionException Damaged(string fact) => ConversionException.Damaged(file, $"the constant of node '{node}' {fact}");
    }

    /// <summary>False where a dimension is open or the elements could never be held.</summary>
    public static bool TryShape(TensorShapeProto? proto, out int[] shape, out long count)
    {
        shape = new int[proto?.Dim.Count ?? 0];
        count = 1;
        if (proto is { UnknownRank: true })
            return false;
        bool empty = proto is not null && proto.Dim.Any(dimension => dimension.Size == 0);
        for (int i = 0; i < shape.Length; i++)
        {
            long size = proto!.Dim[i].Size;
            if (size is < 0 or > int.MaxValue)
                return false;
            shape[i] = (int)size;
            count = empty ? 0 : count * size;
            if (count > Array.MaxLength)
                return false;
        }

        return true;
    }

    private static Func<ReadOnlyMemory<byte>> Content(TensorProto proto, string file, string node)
    {
        if (proto.ContentLength == 0)
            return () => proto.TensorContent.Memory;
        // A place that a damaged file makes up is one within that file, or cannot be read.
        var slice = new FileSlice(file, proto.ContentOffset, (int)proto.ContentLength);
        return () => slice.Read($"the constant of node '{node}'");
    }

    private static byte[][] Strings(TensorProto proto, long count, Func<string, ConversionException> damaged)
    {
        if (proto.StringVal.Count > count)
            throw damaged($"has {proto.StringVal.Count} values where its shape asks for {count}");
        if (proto.StringVal.Count < count && count > 1_000_000)
            throw damaged($"repeats one text {count} times");
        var strings = new byte[count][];
        for (int i = 0; i < strings.Length; i++)
            strings[i] = i < proto.StringVal.Count ? proto.StringVal[i].ToByteArray() : i > 0 ? strings[i - 1] : [];
        return strings;
    }

    private static int StoredCount(TensorProto proto, TfDataType type) => type switch
    {
        TfDataType.Float32 => proto.FloatVal.Count,
        TfDataType.Float64 => proto.DoubleVal.Count,
        TfDataType.Int64 => proto.Int64Val.Count,
        TfDataType.Bool => proto.BoolVal.Count,
        TfDataType.UInt32 => proto.Uint32Val.Count,
        TfDataType.UInt64 => proto.Uint64Val.Count,
        TfDataType.Float16 or TfDataType.BFloat16 => proto.HalfVal.Count,
        TfDataType.Complex64 => (proto.ScomplexVal.Count + 1) / 2,
        TfDataType.Complex128 => (proto.DcomplexVal.Count + 1) / 2,
        >= TfDataType.Float8E5M2 and <= TfDataType.Float8E5M2FNUZ or TfDataType.Float4E2M1FN => proto.Float8Val.Length,
        _ => proto.IntVal.Count,
    };

    private static ReadOnlyMemory<byte> Spread(TensorProto proto, TfDataType type, int count) => type switch
    {
        TfDataType.Float32 => Spread(proto.FloatVal, count, value => value),
        TfDataType.Float64 => Spread(proto.DoubleVal, count, value => value),
        TfDataType.Int32 or TfDataType.QInt32 => Spread(proto.IntVal, count, value => value),
        TfDataType.Int64 => Spread(proto.Int64Val, count, value => value),
        TfDataType.Bool => Spread(proto.BoolVal, count, value => value ? (byte)1 : (byte)0),
        TfDataType.UInt32 => Spread(proto.Uint32Val, count, value => value),
        TfDataType.UInt64 => Spread(proto.Uint64Val, count, value => value),
        TfDataType.Float16 or TfDataType.BFloat16 => Spread(proto.HalfVal, count, value => (ushort)value),
        TfDataType.Complex64 => Spread(proto.ScomplexVal, 2 * count, value => value, period: 2),
        TfDataType.Complex128 => Spread(proto.DcomplexVal, 2 * count, value => value, period: 2),
        >= TfDataType.Float8E5M2 and <= TfDataType.Float8E5M2FNUZ or TfDataType.Float4E2M1FN => Spread([.. proto.Float8Val], count, value => value),
        _ when type.ByteSize() == 2 => Spread(proto.IntVal, count, value => (ushort)value),
        _ => Spread(proto.IntVal, count, value => (byte)value),
    };

    private static byte[] Spread<TValue, TElement>(RepeatedField<TValue> values, int count, Func<TValue, TElement> element, int period = 1)
        where TElement : unmanaged
    {
        var elements = new TElement[count];
        int stored = Math.Min(values.Count, count);
        for (int i = 0; i < stored; i++)
            elements[i] = element(values[i]);
        for (int i = stored; i < count && stored >= period; i++)
            elements[i] = elements[i - period];
        return MemoryMarshal.AsBytes<TElement>(elements).ToArray();
    }
}
