namespace Quantize.Runtime.Format.Options;

internal sealed record SoftmaxOptions : OperatorOptions
{
    public float Beta;

    public override OptionsType Type => OptionsType.SoftmaxOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Float(0, ref Beta);
    }
}
