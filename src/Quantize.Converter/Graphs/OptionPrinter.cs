using System.Globalization;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Graphs;

/// <summary>The fields of an option table that are not at their defaults, by slot number.</summary>
internal struct OptionPrinter : IOptionFields
{
    private readonly List<string> _fields;

    public OptionPrinter() => _fields = [];

    public static string Print(OperatorOptions options)
    {
        var printer = new OptionPrinter();
        options.Fields(ref printer);
        return string.Join(' ', printer._fields);
    }

    public readonly void Bool(int slot, ref bool value, bool absent) => Add(slot, value ? "true" : "false", value == absent);

    public readonly void Int(int slot, ref int value, int absent) => Add(slot, value.ToString(CultureInfo.InvariantCulture), value == absent);

    public readonly void Long(int slot, ref long value, long absent) => Add(slot, value.ToString(CultureInfo.InvariantCulture), value == absent);

    public readonly void Float(int slot, ref float value, float absent) => Add(slot, value.ToString("R", CultureInfo.InvariantCulture), value == absent);

    public readonly void Enum<T>(int slot, ref T value)
        where T : struct, Enum => Add(slot, value.ToString(), EqualityComparer<T>.Default.Equals(value, default));

    public readonly void Ints(int slot, ref int[] value) => Add(slot, $"[{string.Join(' ', value)}]", value.Length == 0);

    public readonly void Longs(int slot, ref long[] value) => Add(slot, $"[{string.Join(' ', value)}]", value.Length == 0);

    public readonly void Floats(int slot, ref float[] value) =>
        Add(slot, $"[{string.Join(' ', value.Select(element => element.ToString("R", CultureInfo.InvariantCulture)))}]", value.Length == 0);

    public readonly void Bytes(int slot, ref byte[] value) => Add(slot, Convert.ToHexString(value), value.Length == 0);

    public readonly void String(int slot, ref string value) => Add(slot, $"'{value}'", value.Length == 0);

    private readonly void Add(int slot, string value, bool isDefault)
    {
        if (!isDefault)
            _fields.Add($"{slot}={value}");
    }
}
