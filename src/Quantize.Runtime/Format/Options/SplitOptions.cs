namespace Quantize.Runtime.Format.Options;

internal sealed record SplitOptions : OperatorOptions
{
    public int NumSplits;

    public override OptionsType Type => OptionsType.SplitOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref NumSplits);
    }
}
