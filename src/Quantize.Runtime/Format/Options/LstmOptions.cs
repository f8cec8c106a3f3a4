namespace Quantize.Runtime.Format.Options;

internal sealed record LstmOptions : OperatorOptions
{
    public ActivationFunction Activation;
    public float CellClip;
    public float ProjClip;
    public LstmKernelType KernelType;
    public bool AsymmetricQuantizeInputs;

    public override OptionsType Type => OptionsType.LSTMOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
        fields.Float(1, ref CellClip);
        fields.Float(2, ref ProjClip);
        fields.Enum(3, ref KernelType);
        fields.Bool(4, ref AsymmetricQuantizeInputs);
    }
}
