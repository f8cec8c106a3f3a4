namespace Quantize.Runtime.Format.Options;

internal sealed record ReshapeOptions : OperatorOptions
{
    public int[] NewShape = [];

    public override OptionsType Type => OptionsType.ReshapeOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Ints(0, ref NewShape);
    }
}
