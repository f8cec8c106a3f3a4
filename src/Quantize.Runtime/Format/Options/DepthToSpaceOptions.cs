namespace Quantize.Runtime.Format.Options;

internal sealed record DepthToSpaceOptions : OperatorOptions
{
    public int BlockSize;

    public override OptionsType Type => OptionsType.DepthToSpaceOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref BlockSize);
    }
}
