namespace Quantize.Runtime.Format.Options;

internal sealed record ConcatenationOptions : OperatorOptions
{
    public int Axis;
    public ActivationFunction Activation;

    public override OptionsType Type => OptionsType.ConcatenationOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref Axis);
        fields.Enum(1, ref Activation);
    }
}
