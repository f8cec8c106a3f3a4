namespace Quantize.Runtime.Format.Options;

internal sealed record MulOptions : OperatorOptions
{
    public ActivationFunction Activation;

    public override OptionsType Type => OptionsType.MulOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
    }
}
