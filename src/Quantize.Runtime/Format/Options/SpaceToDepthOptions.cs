namespace Quantize.Runtime.Format.Options;

internal sealed record SpaceToDepthOptions : OperatorOptions
{
    public int BlockSize;

    public override OptionsType Type => OptionsType.SpaceToDepthOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref BlockSize);
    }
}
