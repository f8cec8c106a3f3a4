using System.Runtime.CompilerServices;
using Google.FlatBuffers;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;

namespace Quantize.Converter.Tests.Emission;

public sealed class OptionRoundTripTests
{
    public static TheoryData<string> Operators =>
        [.. Enum.GetValues<BuiltinOperator>().Where(code => OperatorOptionsTable.Create(code) is not NoOptions).Select(code => code.ToString())];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Every_field_that_is_written_is_read(string name)
    {
        var code = Enum.Parse<BuiltinOperator>(name);
        OperatorOptions written = OperatorOptionsTable.Create(code);
        var filler = new Filler();
        written.Fields(ref filler);
        string expected = OptionPrinter.Print(written);
        Assert.Equal(filler.Fields, expected.Length == 0 ? 0 : expected.Split('=').Length - 1);
        Assert.Equal(expected, OptionPrinter.Print(RoundTrip(code, written)));
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Defaults_stay_defaults(string name)
    {
        var code = Enum.Parse<BuiltinOperator>(name);
        OperatorOptions defaults = OperatorOptionsTable.Create(code);
        Assert.Equal(OptionPrinter.Print(defaults), OptionPrinter.Print(RoundTrip(code, defaults)));
    }

    private static OperatorOptions RoundTrip(BuiltinOperator code, OperatorOptions options)
    {
        var builder = new FlatBufferBuilder(64);
        builder.Finish(OptionWriter.Write(builder, options));
        byte[] bytes = builder.SizedByteArray();
        OperatorOptions read = OperatorOptionsTable.Create(code);
        var reader = new OptionReader(TableReader.Root(bytes));
        read.Fields(ref reader);
        return read;
    }

    /// <summary>Gives every field a value of its own that is not its default.</summary>
    private struct Filler : IOptionFields
    {
        public int Fields { get; private set; }

        public void Bool(int slot, ref bool value, bool absent) => Set(ref value, !absent);

        public void Int(int slot, ref int value, int absent) => Set(ref value, absent + slot + 1);

        public void Long(int slot, ref long value, long absent) => Set(ref value, absent + slot + 1);

        public void Float(int slot, ref float value, float absent) => Set(ref value, absent + slot + 1);

        public void Enum<T>(int slot, ref T value)
            where T : struct, Enum => Set(ref value, Unsafe.BitCast<int, T>(1));

        public void Ints(int slot, ref int[] value) => Set(ref value, [slot, -1]);

        public void Longs(int slot, ref long[] value) => Set(ref value, [slot, -1]);

        public void Floats(int slot, ref float[] value) => Set(ref value, [slot, -1.5f]);

        public void Bytes(int slot, ref byte[] value) => Set(ref value, [(byte)slot, 255]);

        public void String(int slot, ref string value) => Set(ref value, $"text{slot}");

        private void Set<T>(ref T value, T filled)
        {
            value = filled;
            Fields++;
        }
    }
}
