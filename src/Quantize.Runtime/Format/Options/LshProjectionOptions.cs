namespace Quantize.Runtime.Format.Options;

internal sealed record LshProjectionOptions : OperatorOptions
{
    public LshProjectionKind Kind;

    public override OptionsType Type => OptionsType.LSHProjectionOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Kind);
    }
}
