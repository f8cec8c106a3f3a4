namespace Quantize.Runtime.Format.Options;

internal sealed record OneHotOptions : OperatorOptions
{
    public int Axis;

    public override OptionsType Type => OptionsType.OneHotOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref Axis);
    }
}
