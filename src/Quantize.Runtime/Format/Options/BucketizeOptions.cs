namespace Quantize.Runtime.Format.Options;

internal sealed record BucketizeOptions : OperatorOptions
{


    public override OptionsType Type => OptionsType.BucketizeOptions;

    public override void Fields<TFields>(ref TFields fields)
    {

    }
}
