namespace Quantize.Runtime.Format.Options;

internal sealed record DivOptions : OperatorOptions
{
    public ActivationFunction Activation;

    public override OptionsType Type => OptionsType.DivOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
    }
}
