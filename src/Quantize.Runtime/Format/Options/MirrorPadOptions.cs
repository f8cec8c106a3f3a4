namespace Quantize.Runtime.Format.Options;

internal sealed record MirrorPadOptions : OperatorOptions
{
    public MirrorPadMode Mode;

    public override OptionsType Type => OptionsType.MirrorPadOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Mode);
    }
}
