namespace Quantize.Runtime.Format.Options;

internal sealed record PackOptions : OperatorOptions
{
    public int ValuesCount;
    public int Axis;

    public override OptionsType Type => OptionsType.PackOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref ValuesCount);
        fields.Int(1, ref Axis);
    }
}
