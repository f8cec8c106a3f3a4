namespace Quantize.Runtime.Format.Options;

internal sealed record SubOptions : OperatorOptions
{
    public ActivationFunction Activation;
    public bool PotScaleInt16 = true;

    public override OptionsType Type => OptionsType.SubOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Activation);
        fields.Bool(1, ref PotScaleInt16, absent: true);
    }
}
