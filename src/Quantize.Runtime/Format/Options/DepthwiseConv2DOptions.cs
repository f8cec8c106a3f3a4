namespace Quantize.Runtime.Format.Options;

internal sealed record DepthwiseConv2DOptions : OperatorOptions
{
    public Padding Padding;
    public int StrideW;
    public int StrideH;
    public int DepthMultiplier;
    public ActivationFunction Activation;
    public int DilationW = 1;
    public int DilationH = 1;

    public override OptionsType Type => OptionsType.DepthwiseConv2DOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Padding);
        fields.Int(1, ref StrideW);
        fields.Int(2, ref StrideH);
        fields.Int(3, ref DepthMultiplier);
        fields.Enum(4, ref Activation);
        fields.Int(5, ref DilationW, absent: 1);
        fields.Int(6, ref DilationH, absent: 1);
    }
}
