namespace Quantize.Runtime.Format.Options;

internal sealed record Conv3DOptions : OperatorOptions
{
    public Padding Padding;
    public int StrideD;
    public int StrideW;
    public int StrideH;
    public ActivationFunction Activation;
    public int DilationD = 1;
    public int DilationW = 1;
    public int DilationH = 1;

    public override OptionsType Type => OptionsType.Conv3DOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Padding);
        fields.Int(1, ref StrideD);
        fields.Int(2, ref StrideW);
        fields.Int(3, ref StrideH);
        fields.Enum(4, ref Activation);
        fields.Int(5, ref DilationD, absent: 1);
        fields.Int(6, ref DilationW, absent: 1);
        fields.Int(7, ref DilationH, absent: 1);
    }
}
