namespace Quantize.Runtime.Format.Options;

internal sealed record LeakyReluOptions : OperatorOptions
{
    public float Alpha;

    public override OptionsType Type => OptionsType.LeakyReluOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Float(0, ref Alpha);
    }
}
