namespace Quantize.Runtime.Format.Options;

internal sealed record ArgMaxOptions : OperatorOptions
{
    public TensorType OutputType;

    public override OptionsType Type => OptionsType.ArgMaxOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref OutputType);
    }
}
