namespace Quantize.Runtime.Format.Options;

internal sealed record HashtableOptions : OperatorOptions
{
    public int TableId;
    public TensorType KeyDtype;
    public TensorType ValueDtype;

    public override OptionsType Type => OptionsType.HashtableOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Int(0, ref TableId);
        fields.Enum(1, ref KeyDtype);
        fields.Enum(2, ref ValueDtype);
    }
}
