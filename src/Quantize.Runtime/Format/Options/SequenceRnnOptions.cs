namespace Quantize.Runtime.Format.Options;

internal sealed record SequenceRnnOptions : OperatorOptions
{
    public bool TimeMajor;
    public ActivationFunction Activation;
    public bool AsymmetricQuantizeInputs;

    public override OptionsType Type => OptionsType.SequenceRNNOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(0, ref TimeMajor);
        fields.Enum(1, ref Activation);
        fields.Bool(2, ref AsymmetricQuantizeInputs);
    }
}
