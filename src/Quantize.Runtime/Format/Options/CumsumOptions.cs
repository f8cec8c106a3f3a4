namespace Quantize.Runtime.Format.Options;

internal sealed record CumsumOptions : OperatorOptions
{
    public bool Exclusive;
    public bool Reverse;

    public override OptionsType Type => OptionsType.CumsumOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(0, ref Exclusive);
        fields.Bool(1, ref Reverse);
    }
}
