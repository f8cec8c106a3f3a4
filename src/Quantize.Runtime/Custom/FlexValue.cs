using System.Buffers.Binary;
using System.Text;

namespace Quantize.Runtime;

/// <summary>
/// One value of a FlexBuffer, the schema-less form in which most custom operators keep their options: read in place, every position checked.
/// </summary>
public readonly struct FlexValue
{
    private const int Int = 1, UInt = 2, Float = 3, Key = 4, String = 5, IndirectInt = 6, IndirectUInt = 7, IndirectFloat = 8, MapType = 9, VectorType = 10;
    private const int TypedVector = 11, LastTypedVector = 15, FixedVector = 16, LastFixedVector = 24, BlobType = 25, Bool = 26, BoolVector = 36;

    private readonly ReadOnlyMemory<byte> _buffer;
    private readonly int _at;
    private readonly int _parentWidth;
    private readonly int _packedType;

    private FlexValue(ReadOnlyMemory<byte> buffer, int at, int parentWidth, int packedType)
    {
        _buffer = buffer;
        _at = at;
        _parentWidth = parentWidth;
        _packedType = packedType;
    }

    /// <summary>What it is.</summary>
    /// <exception cref="ModelFormatException">The bytes name a type that FlexBuffers do not have.</exception>
    public FlexKind Kind => Type switch
    {
        0 => FlexKind.Null,
        Int or UInt or IndirectInt or IndirectUInt => FlexKind.Integer,
        Float or IndirectFloat => FlexKind.Number,
        Key or String => FlexKind.Text,
        MapType => FlexKind.Map,
        VectorType or (>= TypedVector and <= LastFixedVector) or BoolVector => FlexKind.Vector,
        BlobType => FlexKind.Blob,
        Bool => FlexKind.Boolean,
        _ => throw Fail($"has a value of the unknown type {Type}"),
    };

    /// <summary>Elements of a vector or a map, characters of a text, bytes of a blob.</summary>
    public int Count => Type switch
    {
        >= FixedVector and <= LastFixedVector => 2 + (Type - FixedVector) / 3,
        Key => KeyBytes().Length,
        String or BlobType or MapType or VectorType or (>= TypedVector and <= LastTypedVector) or BoolVector => Size(),
        _ => 0,
    };

    private int Type => _packedType >> 2;

    /// <summary>Bytes of each part of what the value points to.</summary>
    private int Width => 1 << (_packedType & 3);

    /// <summary>An element of a vector or a map, by position.</summary>
    /// <exception cref="ModelFormatException">There is no such element.</exception>
    public FlexValue this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count || Kind is not (FlexKind.Vector or FlexKind.Map))
                throw Fail($"has no element {index}");
            int start = Target();
            int type = Type is MapType or VectorType ? Byte(start + (long)Size() * Width + index) : ElementType() << 2;
            return new FlexValue(_buffer, Position(start + (long)index * Width), Width, type);
        }
    }

    /// <summary>An element of a map.</summary>
    /// <exception cref="ModelFormatException">There is no such key.</exception>
    public FlexValue this[string key] => TryGet(key, out FlexValue value) ? value : throw Fail($"has no '{key}'");

    /// <summary>The root of a FlexBuffer.</summary>
    /// <exception cref="ModelFormatException">The bytes are none.</exception>
    public static FlexValue Read(ReadOnlyMemory<byte> buffer)
    {
        if (buffer.Length < 3)
            throw Fail($"has only {buffer.Length} bytes");
        int width = buffer.Span[^1];
        if (width is not (1 or 2 or 4 or 8) || buffer.Length < width + 2)
            throw Fail($"ends with a root of {width} bytes");
        return new FlexValue(buffer, buffer.Length - 2 - width, width, buffer.Span[^2]);
    }

    /// <summary>Looks an element of a map up.</summary>
    /// <returns>False where the value is no map, or has no such key.</returns>
    public bool TryGet(string key, out FlexValue value)
    {
        value = default;
        if (_buffer.IsEmpty || Kind != FlexKind.Map)
            return false;
        ulong keysWidth = Unsigned(Target() - 2 * Width, Width);
        if (keysWidth is not (1 or 2 or 4 or 8))
            throw Fail($"has keys of {keysWidth} bytes");
        int keys = Follow(Position(Target() - 3 * Width), Width);
        byte[] wanted = Encoding.UTF8.GetBytes(key);
        for (int i = 0; i < Count; i++)
        {
            if (!Text(Follow(Position(keys + (long)i * (int)keysWidth), (int)keysWidth)).SequenceEqual(wanted))
                continue;
            value = this[i];
            return true;
        }

        return false;
    }

    /// <summary>An integer; other numbers are cut.</summary>
    /// <exception cref="ModelFormatException">The value is no number.</exception>
    public long AsInt64() => Type switch
    {
        Int => Signed(_at, _parentWidth),
        UInt or Bool => (long)Unsigned(_at, _parentWidth),
        IndirectInt => Signed(Target(), Width),
        IndirectUInt => (long)Unsigned(Target(), Width),
        Float or IndirectFloat => (long)AsDouble(),
        _ => throw Fail($"has a {Kind} where a number is wanted"),
    };

    /// <summary>A number.</summary>
    /// <exception cref="ModelFormatException">The value is none.</exception>
    public double AsDouble() => Type switch
    {
        Float => Floating(_at, _parentWidth),
        IndirectFloat => Floating(Target(), Width),
        _ => AsInt64(),
    };

    /// <summary>A number in single precision.</summary>
    /// <exception cref="ModelFormatException">The value is none.</exception>
    public float AsSingle() => (float)AsDouble();

    /// <summary>A 32-bit integer.</summary>
    /// <exception cref="ModelFormatException">The value is no number, or too large.</exception>
    public int AsInt32() => AsInt64() is >= int.MinValue and <= int.MaxValue and long value ? (int)value : throw Fail($"has the number {AsInt64()}, which is too large");

    /// <summary>True where a number is not 0.</summary>
    /// <exception cref="ModelFormatException">The value is no number.</exception>
    public bool AsBoolean() => AsInt64() != 0;

    /// <summary>A text.</summary>
    /// <exception cref="ModelFormatException">The value is none.</exception>
    public string AsString() => Type switch
    {
        Key => Encoding.UTF8.GetString(KeyBytes()),
        String => Encoding.UTF8.GetString(Bytes(Target(), Size())),
        _ => throw Fail($"has a {Kind} where a text is wanted"),
    };

    /// <summary>The bytes of a blob.</summary>
    /// <exception cref="ModelFormatException">The value is none.</exception>
    public ReadOnlySpan<byte> AsBlob() => Type == BlobType ? Bytes(Target(), Size()) : throw Fail($"has a {Kind} where bytes are wanted");

    private static ModelFormatException Fail(string fact) => new($"a FlexBuffer {fact}");

    private ReadOnlySpan<byte> KeyBytes() => Text(Target());

    private int Size()
    {
        ulong size = Unsigned(Target() - Width, Width);
        return size <= int.MaxValue ? (int)size : throw Fail($"has a vector of {size} elements");
    }

    private int ElementType() => Type switch
    {
        BoolVector => Bool,
        <= LastTypedVector => Type - TypedVector + Int,
        _ => (Type - FixedVector) % 3 + Int,
    };

    /// <summary>Where the value points to: so many bytes before itself.</summary>
    private int Target() => Follow(_at, _parentWidth);

    private int Follow(int at, int width)
    {
        ulong back = Unsigned(at, width);
        return back <= (ulong)at ? at - (int)back : throw Fail($"points {back} bytes back from byte {at}");
    }

    private int Position(long at) => at >= 0 && at < _buffer.Length ? (int)at : throw Fail($"has {_buffer.Length} bytes, but byte {at} is wanted");

    /// <summary>Up to the zero byte.</summary>
    private ReadOnlySpan<byte> Text(int at)
    {
        ReadOnlySpan<byte> rest = _buffer.Span[at..];
        int length = rest.IndexOf((byte)0);
        return length >= 0 ? rest[..length] : throw Fail("has a key without end");
    }

    private byte Byte(long at) => Bytes(at, 1)[0];

    private ReadOnlySpan<byte> Bytes(long at, int count) =>
        at >= 0 && at <= _buffer.Length - count ? _buffer.Span.Slice((int)at, count) : throw Fail($"has {_buffer.Length} bytes, but {count} are wanted from byte {at} on");

    private long Signed(long at, int width) => width switch
    {
        1 => (sbyte)Byte(at),
        2 => BinaryPrimitives.ReadInt16LittleEndian(Bytes(at, 2)),
        4 => BinaryPrimitives.ReadInt32LittleEndian(Bytes(at, 4)),
        _ => BinaryPrimitives.ReadInt64LittleEndian(Bytes(at, 8)),
    };

    private ulong Unsigned(long at, int width) => width switch
    {
        1 => Byte(at),
        2 => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at, 2)),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(at, 4)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(at, 8)),
    };

    private double Floating(long at, int width) => width switch
    {
        4 => BinaryPrimitives.ReadSingleLittleEndian(Bytes(at, 4)),
        8 => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(at, 8)),
        2 => (double)BinaryPrimitives.ReadHalfLittleEndian(Bytes(at, 2)),
        _ => throw Fail($"has a floating-point number of {width} bytes"),
    };
}
