namespace Quantize.Runtime.Format.Options;

internal sealed record ResizeBilinearOptions : OperatorOptions
{
    public bool AlignCorners;
    public bool HalfPixelCenters;

    public override OptionsType Type => OptionsType.ResizeBilinearOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(2, ref AlignCorners);
        fields.Bool(3, ref HalfPixelCenters);
    }
}
