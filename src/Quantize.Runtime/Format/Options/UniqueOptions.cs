namespace Quantize.Runtime.Format.Options;

internal sealed record UniqueOptions : OperatorOptions
{
    public TensorType IdxOutType;

    public override OptionsType Type => OptionsType.UniqueOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref IdxOutType);
    }
}
