using System.Runtime.CompilerServices;
using Google.FlatBuffers;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Emission;

/// <summary>
/// Writes an option table: the mirror of the runtime's <see cref="OptionReader"/>. The fields are walked twice, since vectors and strings must stand in the
/// file before the table that points to them is begun.
/// </summary>
internal struct OptionWriter : IOptionFields
{
    private readonly FlatBufferBuilder _builder;
    private readonly Dictionary<int, int> _offsets = [];
    private bool _isInTable;
    private int _slots;

    private OptionWriter(FlatBufferBuilder builder) => _builder = builder;

    /// <summary>The table's offset.</summary>
    public static int Write(FlatBufferBuilder builder, OperatorOptions options)
    {
        var writer = new OptionWriter(builder);
        options.Fields(ref writer);
        builder.StartTable(writer._slots);
        writer._isInTable = true;
        options.Fields(ref writer);
        return builder.EndTable();
    }

    public void Bool(int slot, ref bool value, bool absent)
    {
        if (Begin(slot))
            _builder.AddBool(slot, value, absent);
    }

    public void Int(int slot, ref int value, int absent)
    {
        if (Begin(slot))
            _builder.AddInt(slot, value, absent);
    }

    public void Long(int slot, ref long value, long absent)
    {
        if (Begin(slot))
            _builder.AddLong(slot, value, absent);
    }

    public void Float(int slot, ref float value, float absent)
    {
        if (Begin(slot))
            _builder.AddFloat(slot, value, absent);
    }

    public void Enum<T>(int slot, ref T value)
        where T : struct, Enum
    {
        if (Begin(slot))
            _builder.AddSbyte(slot, (sbyte)Unsafe.BitCast<T, int>(value), 0);
    }

    public void Ints(int slot, ref int[] value)
    {
        if (Begin(slot))
            AddOffset(slot);
        else if (value.Length > 0)
            _offsets[slot] = _builder.Vector(value);
    }

    public void Longs(int slot, ref long[] value)
    {
        if (Begin(slot))
            AddOffset(slot);
        else if (value.Length > 0)
            _offsets[slot] = _builder.Vector(value);
    }

    public void Floats(int slot, ref float[] value)
    {
        if (Begin(slot))
            AddOffset(slot);
        else if (value.Length > 0)
            _offsets[slot] = _builder.Vector(value);
    }

    public void Bytes(int slot, ref byte[] value)
    {
        if (Begin(slot))
            AddOffset(slot);
        else if (value.Length > 0)
            _offsets[slot] = _builder.DataVector(value);
    }

    public void String(int slot, ref string value)
    {
        if (Begin(slot))
            AddOffset(slot);
        else if (value.Length > 0)
            _offsets[slot] = _builder.CreateString(value).Value;
    }

    /// <summary>Counts the slot on the first walk; true on the second.</summary>
    private bool Begin(int slot)
    {
        _slots = Math.Max(_slots, slot + 1);
        return _isInTable;
    }

    private readonly void AddOffset(int slot)
    {
        if (_offsets.TryGetValue(slot, out int offset))
            _builder.AddOffset(slot, offset, 0);
    }
}
