namespace Quantize.Runtime.Format.Options;

internal sealed record SplitVOptions : OperatorOptions
{
    public int NumSplits;

    public override OptionsType Type => OptionsType.SplitVOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref NumSplits);
    }
}
