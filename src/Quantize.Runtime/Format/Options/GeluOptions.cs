namespace Quantize.Runtime.Format.Options;

internal sealed record GeluOptions : OperatorOptions
{
    public bool Approximate;

    public override OptionsType Type => OptionsType.GeluOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(0, ref Approximate);
    }
}
