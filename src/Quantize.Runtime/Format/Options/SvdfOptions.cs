namespace Quantize.Runtime.Format.Options;

internal sealed record SvdfOptions : OperatorOptions
{
    public int Rank;
    public ActivationFunction Activation;
    public bool AsymmetricQuantizeInputs;

    public override OptionsType Type => OptionsType.SVDFOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref Rank);
        fields.Enum(1, ref Activation);
        fields.Bool(2, ref AsymmetricQuantizeInputs);
    }
}
