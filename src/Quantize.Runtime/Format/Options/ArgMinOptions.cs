namespace Quantize.Runtime.Format.Options;

internal sealed record ArgMinOptions : OperatorOptions
{
    public TensorType OutputType;

    public override OptionsType Type => OptionsType.ArgMinOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref OutputType);
    }
}
