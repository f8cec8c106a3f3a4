namespace Quantize.Runtime.Format.Options;

internal sealed record BidirectionalSequenceLstmOptions : OperatorOptions
{
    public ActivationFunction Activation;
    public float CellClip;
    public float ProjClip;
    public bool MergeOutputs;
    public bool TimeMajor = true;
    public bool AsymmetricQuantizeInputs;

    public override OptionsType Type => OptionsType.BidirectionalSequenceLSTMOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
        fields.Float(1, ref CellClip);
        fields.Float(2, ref ProjClip);
        fields.Bool(3, ref MergeOutputs);
        fields.Bool(4, ref TimeMajor, absent: true);
        fields.Bool(5, ref AsymmetricQuantizeInputs);
    }
}
