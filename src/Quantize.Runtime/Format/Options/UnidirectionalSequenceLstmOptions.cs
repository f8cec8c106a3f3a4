namespace Quantize.Runtime.Format.Options;

internal sealed record UnidirectionalSequenceLstmOptions : OperatorOptions
{
    public ActivationFunction Activation;
    public float CellClip;
    public float ProjClip;
    public bool TimeMajor;
    public bool AsymmetricQuantizeInputs;
    public bool DiagonalRecurrentTensors;

    public override OptionsType Type => OptionsType.UnidirectionalSequenceLSTMOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
        fields.Float(1, ref CellClip);
        fields.Float(2, ref ProjClip);
        fields.Bool(3, ref TimeMajor);
        fields.Bool(4, ref AsymmetricQuantizeInputs);
        fields.Bool(5, ref DiagonalRecurrentTensors);
    }
}
