namespace Quantize.Runtime.Format.Options;

internal sealed record SqueezeOptions : OperatorOptions
{
    public int[] SqueezeDims = [];

    public override OptionsType Type => OptionsType.SqueezeOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Ints(0, ref SqueezeDims);
    }
}
