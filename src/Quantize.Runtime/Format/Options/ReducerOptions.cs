namespace Quantize.Runtime.Format.Options;

internal sealed record ReducerOptions : OperatorOptions
{
    public bool KeepDims;

    public override OptionsType Type => OptionsType.ReducerOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(0, ref KeepDims);
    }
}
