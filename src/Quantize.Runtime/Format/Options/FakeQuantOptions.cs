namespace Quantize.Runtime.Format.Options;

internal sealed record FakeQuantOptions : OperatorOptions
{
    public float Min;
    public float Max;
    public int NumBits;
    public bool NarrowRange;

    public override OptionsType Type => OptionsType.FakeQuantOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Float(0, ref Min);
        fields.Float(1, ref Max);
        fields.Int(2, ref NumBits);
        fields.Bool(3, ref NarrowRange);
    }
}
