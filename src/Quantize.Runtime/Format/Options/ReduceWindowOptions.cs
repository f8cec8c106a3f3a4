namespace Quantize.Runtime.Format.Options;

internal sealed record ReduceWindowOptions : OperatorOptions
{
    public int ReduceFunction;

    public override OptionsType2 Type2 => OptionsType2.ReduceWindowOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref ReduceFunction);
    }
}
