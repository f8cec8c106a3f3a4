namespace Quantize.Runtime.Format.Options;

internal sealed record IfOptions : OperatorOptions
{
    public int ThenSubgraphIndex;
    public int ElseSubgraphIndex;

    public override OptionsType Type => OptionsType.IfOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref ThenSubgraphIndex);
        fields.Int(1, ref ElseSubgraphIndex);
    }
}
