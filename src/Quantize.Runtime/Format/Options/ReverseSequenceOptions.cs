namespace Quantize.Runtime.Format.Options;

internal sealed record ReverseSequenceOptions : OperatorOptions
{
    public int SeqDim;
    public int BatchDim;

    public override OptionsType Type => OptionsType.ReverseSequenceOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref SeqDim);
        fields.Int(1, ref BatchDim);
    }
}
