namespace Quantize.Runtime.Format.Options;

internal sealed record ConcatEmbeddingsOptions : OperatorOptions
{
    public int NumChannels;
    public int[] NumColumnsPerChannel = [];
    public int[] EmbeddingDimPerChannel = [];

    public override OptionsType Type => OptionsType.ConcatEmbeddingsOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref NumChannels);
        fields.Ints(1, ref NumColumnsPerChannel);
        fields.Ints(2, ref EmbeddingDimPerChannel);
    }
}
