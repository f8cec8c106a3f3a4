namespace Quantize.Runtime.Format.Options;

internal sealed record CallOptions : OperatorOptions
{
    public int Subgraph;

    public override OptionsType Type => OptionsType.CallOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref Subgraph);
    }
}
