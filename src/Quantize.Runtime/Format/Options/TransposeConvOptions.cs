namespace Quantize.Runtime.Format.Options;

internal sealed record TransposeConvOptions : OperatorOptions
{
    public Padding Padding;
    public int StrideW;
    public int StrideH;
    public ActivationFunction Activation;
    public TensorType QuantizedBiasType;

    public override OptionsType Type => OptionsType.TransposeConvOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Padding);
        fields.Int(1, ref StrideW);
        fields.Int(2, ref StrideH);
        fields.Enum(3, ref Activation);
        fields.Enum(4, ref QuantizedBiasType);
    }
}
