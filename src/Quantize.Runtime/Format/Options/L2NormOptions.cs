namespace Quantize.Runtime.Format.Options;

internal sealed record L2NormOptions : OperatorOptions
{
    public ActivationFunction Activation;

    public override OptionsType Type => OptionsType.L2NormOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
    }
}
