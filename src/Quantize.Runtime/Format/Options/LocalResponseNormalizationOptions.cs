namespace Quantize.Runtime.Format.Options;

internal sealed record LocalResponseNormalizationOptions : OperatorOptions
{
    public int Radius;
    public float Bias;
    public float Alpha;
    public float Beta;

    public override OptionsType Type => OptionsType.LocalResponseNormalizationOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref Radius);
        fields.Float(1, ref Bias);
        fields.Float(2, ref Alpha);
        fields.Float(3, ref Beta);
    }
}
