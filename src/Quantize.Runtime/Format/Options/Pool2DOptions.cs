namespace Quantize.Runtime.Format.Options;

internal sealed record Pool2DOptions : OperatorOptions
{
    public Padding Padding;
    public int StrideW;
    public int StrideH;
    public int FilterWidth;
    public int FilterHeight;
    public ActivationFunction Activation;

    public override OptionsType Type => OptionsType.Pool2DOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Padding);
        fields.Int(1, ref StrideW);
        fields.Int(2, ref StrideH);
        fields.Int(3, ref FilterWidth);
        fields.Int(4, ref FilterHeight);
        fields.Enum(5, ref Activation);
    }
}
