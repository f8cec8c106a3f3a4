namespace Quantize.Runtime.Format.Options;

internal sealed record FullyConnectedOptions : OperatorOptions
{
    public ActivationFunction Activation;
    public WeightsFormat WeightsFormat;
    public bool KeepNumDims;
    public bool AsymmetricQuantizeInputs;
    public TensorType QuantizedBiasType;

    public override OptionsType Type => OptionsType.FullyConnectedOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
        fields.Enum(1, ref WeightsFormat);
        fields.Bool(2, ref KeepNumDims);
        fields.Bool(3, ref AsymmetricQuantizeInputs);
        fields.Enum(4, ref QuantizedBiasType);
    }
}
