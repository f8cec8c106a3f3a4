namespace Quantize.Runtime.Format.Options;

internal sealed record CallOnceOptions : OperatorOptions
{
    public int InitSubgraphIndex;

    public override OptionsType Type => OptionsType.CallOnceOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref InitSubgraphIndex);
    }
}
