namespace Quantize.Runtime.Format.Options;

internal sealed record EmbeddingLookupSparseOptions : OperatorOptions
{
    public CombinerType Combiner;

    public override OptionsType Type => OptionsType.EmbeddingLookupSparseOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref Combiner);
    }
}
