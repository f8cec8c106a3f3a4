namespace Quantize.Runtime.Format.Options;

internal sealed record UnpackOptions : OperatorOptions
{
    public int Num;
    public int Axis;

    public override OptionsType Type => OptionsType.UnpackOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref Num);
        fields.Int(1, ref Axis);
    }
}
