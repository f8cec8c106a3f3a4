namespace Quantize.Runtime.Format;

/// <summary>
/// The option table of one operator. <see cref="Fields"/> lists its fields once: slot, kind, default. Reading, writing and printing walk that one list.
/// </summary>
internal abstract record OperatorOptions
{
    /// <summary>Tag in <c>builtin_options</c>, or <see cref="OptionsType.None"/> where the table belongs to the second union or to none.</summary>
    public virtual OptionsType Type => OptionsType.None;

    /// <summary>Tag in <c>builtin_options_2</c>.</summary>
    public virtual OptionsType2 Type2 => OptionsType2.None;

    public abstract void Fields<TFields>(ref TFields fields)
        where TFields : IOptionFields, allows ref struct;
}

/// <summary>What walks the fields of an option table. An absent field takes its default.</summary>
internal interface IOptionFields
{
    void Bool(int slot, ref bool value, bool absent = false);

    void Int(int slot, ref int value, int absent = 0);

    void Long(int slot, ref long value, long absent = 0);

    void Float(int slot, ref float value, float absent = 0);

    /// <summary>An enumeration stored in one byte.</summary>
    void Enum<T>(int slot, ref T value)
        where T : struct, Enum;

    void Ints(int slot, ref int[] value);

    void Longs(int slot, ref long[] value);

    void Floats(int slot, ref float[] value);

    void Bytes(int slot, ref byte[] value);

    void String(int slot, ref string value);
}

/// <summary>An operator without fields of its own (its table, if any, is empty).</summary>
internal sealed record NoOptions(OptionsType TableType = OptionsType.None, OptionsType2 TableType2 = OptionsType2.None) : OperatorOptions
{
    public override OptionsType Type => TableType;

    public override OptionsType2 Type2 => TableType2;

    public override void Fields<TFields>(ref TFields fields)
    {
    }
}
