namespace Quantize.Runtime.Format.Options;

internal sealed record GatherOptions : OperatorOptions
{
    public int Axis;
    public int BatchDims;

    public override OptionsType Type => OptionsType.GatherOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref Axis);
        fields.Int(1, ref BatchDims);
    }
}
