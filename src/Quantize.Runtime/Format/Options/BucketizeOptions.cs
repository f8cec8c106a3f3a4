namespace Quantize.Runtime.Format.Options;

internal sealed record BucketizeOptions : OperatorOptions
{
    public float[] Boundaries = [];

    public override OptionsType Type => OptionsType.BucketizeOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Floats(0, ref Boundaries);
    }
}
