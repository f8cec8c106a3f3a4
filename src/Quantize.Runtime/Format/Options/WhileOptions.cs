namespace Quantize.Runtime.Format.Options;

internal sealed record WhileOptions : OperatorOptions
{
    public int CondSubgraphIndex;
    public int BodySubgraphIndex;

    public override OptionsType Type => OptionsType.WhileOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref CondSubgraphIndex);
        fields.Int(1, ref BodySubgraphIndex);
    }
}
