namespace Quantize.Runtime.Format.Options;

internal sealed record SkipGramOptions : OperatorOptions
{
    public int NgramSize;
    public int MaxSkipSize;
    public bool IncludeAllNgrams;

    public override OptionsType Type => OptionsType.SkipGramOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref NgramSize);
        fields.Int(1, ref MaxSkipSize);
        fields.Bool(2, ref IncludeAllNgrams);
    }
}
