namespace Quantize.Runtime.Format.Options;

internal sealed record RnnOptions : OperatorOptions
{
    public ActivationFunction Activation;
    public bool AsymmetricQuantizeInputs;

    public override OptionsType Type => OptionsType.RNNOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
        fields.Bool(1, ref AsymmetricQuantizeInputs);
    }
}
