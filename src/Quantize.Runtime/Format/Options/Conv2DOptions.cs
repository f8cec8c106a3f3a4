namespace Quantize.Runtime.Format.Options;

internal sealed record Conv2DOptions : OperatorOptions
{
    public Padding Padding;
    public int StrideW;
    public int StrideH;
    public ActivationFunction Activation;
    public int DilationW = 1;
    public int DilationH = 1;
    public TensorType QuantizedBiasType;

    public override OptionsType Type => OptionsType.Conv2DOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Padding);
        fields.Int(1, ref StrideW);
        fields.Int(2, ref StrideH);
        fields.Enum(3, ref Activation);
        fields.Int(4, ref DilationW, absent: 1);
        fields.Int(5, ref DilationH, absent: 1);
        fields.Enum(6, ref QuantizedBiasType);
    }
}
