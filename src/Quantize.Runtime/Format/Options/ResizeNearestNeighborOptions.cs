namespace Quantize.Runtime.Format.Options;

internal sealed record ResizeNearestNeighborOptions : OperatorOptions
{
    public bool AlignCorners;
    public bool HalfPixelCenters;

    public override OptionsType Type => OptionsType.ResizeNearestNeighborOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(0, ref AlignCorners);
        fields.Bool(1, ref HalfPixelCenters);
    }
}
