namespace Quantize.Runtime.Format.Options;

internal sealed record RandomOptions : OperatorOptions
{
    public long Seed;
    public long Seed2;

    public override OptionsType Type => OptionsType.RandomOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Long(0, ref Seed);
        fields.Long(1, ref Seed2);
    }
}
