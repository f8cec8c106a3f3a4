namespace Quantize.Runtime.Format.Options;

internal sealed record BatchMatMulOptions : OperatorOptions
{
    public bool AdjX;
    public bool AdjY;
    public bool AsymmetricQuantizeInputs;

    public override OptionsType Type => OptionsType.BatchMatMulOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(0, ref AdjX);
        fields.Bool(1, ref AdjY);
        fields.Bool(2, ref AsymmetricQuantizeInputs);
    }
}
