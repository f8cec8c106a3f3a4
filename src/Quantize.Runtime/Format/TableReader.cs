using System.Buffers.Binary;
using System.Text;

namespace Quantize.Runtime.Format;

/// <summary>
/// A bounds-checked view of one flatbuffer table, over the file's bytes in place. Every position is checked against the file before it is read,
/// so hostile offsets end in a <see cref="ModelFormatException"/>. Loads are unaligned: a mapped resource starts anywhere.
/// </summary>
internal readonly ref struct TableReader
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly int _position;
    private readonly int _vtable;
    private readonly int _vtableLength;

    private TableReader(ReadOnlySpan<byte> file, long position)
    {
        _file = file;
        _position = Checked(file, position, 4);
        _vtable = Checked(file, _position - (long)BinaryPrimitives.ReadInt32LittleEndian(file[_position..]), 4);
        _vtableLength = BinaryPrimitives.ReadUInt16LittleEndian(file[_vtable..]);
        Checked(file, _vtable, _vtableLength);
    }

    /// <summary>The root table of a file whose first four bytes are its offset.</summary>
    public static TableReader Root(ReadOnlySpan<byte> file)
    {
        Checked(file, 0, 4);
        return new TableReader(file, BinaryPrimitives.ReadUInt32LittleEndian(file));
    }

    public bool Has(int slot) => FieldPosition(slot, 1) != 0;

    public bool Bool(int slot, bool absent = false) => FieldPosition(slot, 1) is > 0 and int at ? _file[at] != 0 : absent;

    public sbyte Int8(int slot, sbyte absent = 0) => FieldPosition(slot, 1) is > 0 and int at ? (sbyte)_file[at] : absent;

    public byte UInt8(int slot, byte absent = 0) => FieldPosition(slot, 1) is > 0 and int at ? _file[at] : absent;

    public int Int32(int slot, int absent = 0) =>
        FieldPosition(slot, 4) is > 0 and int at ? BinaryPrimitives.ReadInt32LittleEndian(_file[at..]) : absent;

    public long Int64(int slot, long absent = 0) =>
        FieldPosition(slot, 8) is > 0 and int at ? BinaryPrimitives.ReadInt64LittleEndian(_file[at..]) : absent;

    public float Single(int slot, float absent = 0) =>
        FieldPosition(slot, 4) is > 0 and int at ? BinaryPrimitives.ReadSingleLittleEndian(_file[at..]) : absent;

    /// <summary>An index into another vector of the file: an unsigned number that must fit an <see cref="int"/>.</summary>
    public int Index(int slot)
    {
        int value = Int32(slot);
        return value >= 0 ? value : throw new ModelFormatException($"an index in the file is {(uint)value}, far beyond anything it could count");
    }

    public string String(int slot)
    {
        VectorReader bytes = Vector(slot, 1);
        return Encoding.UTF8.GetString(bytes.Bytes);
    }

    public bool TryTable(int slot, out TableReader table)
    {
        int at = FieldPosition(slot, 4);
        table = at == 0 ? default : new TableReader(_file, at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]));
        return at != 0;
    }

    /// <summary>A vector of scalars or of offsets to tables; empty where the field is absent.</summary>
    public VectorReader Vector(int slot, int elementSize)
    {
        int at = FieldPosition(slot, 4);
        if (at == 0)
            return default;
        int start = Checked(_file, at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]), 4);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(_file[start..]);
        Checked(_file, start + 4L, count * (long)elementSize);
        return new VectorReader(_file, start + 4, (int)count, elementSize);
    }

    public int[] Int32Vector(int slot)
    {
        VectorReader vector = Vector(slot, 4);
        var values = new int[vector.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(vector.Bytes[(4 * i)..]);
        return values;
    }

    public long[] Int64Vector(int slot)
    {
        VectorReader vector = Vector(slot, 8);
        var values = new long[vector.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(vector.Bytes[(8 * i)..]);
        return values;
    }

    public float[] SingleVector(int slot)
    {
        VectorReader vector = Vector(slot, 4);
        var values = new float[vector.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(vector.Bytes[(4 * i)..]);
        return values;
    }

    /// <summary>Where a field lies in the file, or 0 where the table does not have it (no field can lie at 0).</summary>
    private int FieldPosition(int slot, int size)
    {
        int entry = 4 + 2 * slot;
        if (_file.IsEmpty || entry + 2 > _vtableLength)
            return 0;
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(_file[(_vtable + entry)..]);
        return offset == 0 ? 0 : Checked(_file, _position + (long)offset, size);
    }

    private static int Checked(ReadOnlySpan<byte> file, long position, long size)
    {
        if (position < 0 || size < 0 || position > file.Length - size)
            throw new ModelFormatException($"an offset points to byte {position} (+{size}), but the file has {file.Length} bytes: it is truncated or damaged");
        return (int)position;
    }

    /// <summary>A vector inside the file, its length already checked.</summary>
    internal readonly ref struct VectorReader
    {
        private readonly ReadOnlySpan<byte> _file;
        private readonly int _elementSize;

        public VectorReader(ReadOnlySpan<byte> file, int start, int count, int elementSize)
        {
            _file = file;
            Start = start;
            Count = count;
            _elementSize = elementSize;
        }

        /// <summary>Position of the first element in the file.</summary>
        public int Start { get; }

        public int Count { get; }

        public ReadOnlySpan<byte> Bytes => _file.Slice(Start, Count * _elementSize);

        /// <summary>The table that element <paramref name="index"/> points to.</summary>
        public TableReader Table(int index)
        {
            int at = Start + 4 * index;
            return new TableReader(_file, at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]));
        }
    }
}
