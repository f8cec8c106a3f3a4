namespace Quantize.Runtime.Format.Options;

internal sealed record StridedSliceOptions : OperatorOptions
{
    public int BeginMask;
    public int EndMask;
    public int EllipsisMask;
    public int NewAxisMask;
    public int ShrinkAxisMask;
    public bool Offset;

    public override OptionsType Type => OptionsType.StridedSliceOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref BeginMask);
        fields.Int(1, ref EndMask);
        fields.Int(2, ref EllipsisMask);
        fields.Int(3, ref NewAxisMask);
        fields.Int(4, ref ShrinkAxisMask);
        fields.Bool(5, ref Offset);
    }
}
