namespace Quantize.Runtime.Format.Options;

internal sealed record BidirectionalSequenceRnnOptions : OperatorOptions
{
    public bool TimeMajor;
    public ActivationFunction Activation;
    public bool MergeOutputs;
    public bool AsymmetricQuantizeInputs;

    public override OptionsType Type => OptionsType.BidirectionalSequenceRNNOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(0, ref TimeMajor);
        fields.Enum(1, ref Activation);
        fields.Bool(2, ref MergeOutputs);
        fields.Bool(3, ref AsymmetricQuantizeInputs);
    }
}
