using System.Runtime.CompilerServices;

namespace Quantize.Runtime.Format;

/// <summary>Fills an option table from the file.</summary>
internal ref struct OptionReader(TableReader table) : IOptionFields
{
    private readonly TableReader _table = table;

    public void Bool(int slot, ref bool value, bool absent) => value = _table.Bool(slot, absent);

    public void Int(int slot, ref int value, int absent) => value = _table.Int32(slot, absent);

    public void Long(int slot, ref long value, long absent) => value = _table.Int64(slot, absent);

    public void Float(int slot, ref float value, float absent) => value = _table.Single(slot, absent);

    public void Enum<T>(int slot, ref T value)
        where T : struct, Enum
    {
        int number = _table.Int8(slot);
        value = Unsafe.BitCast<int, T>(number);
    }

    public void Ints(int slot, ref int[] value) => value = _table.Int32Vector(slot);

    public void Longs(int slot, ref long[] value) => value = _table.Int64Vector(slot);

    public void Floats(int slot, ref float[] value) => value = _table.SingleVector(slot);

    public void Bytes(int slot, ref byte[] value) => value = _table.Vector(slot, 1) is { Count: > 0 } vector ? vector.Bytes.ToArray() : [];

    public void String(int slot, ref string value) => value = _table.String(slot);
}
