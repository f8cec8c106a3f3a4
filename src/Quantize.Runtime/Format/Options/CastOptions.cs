namespace Quantize.Runtime.Format.Options;

internal sealed record CastOptions : OperatorOptions
{
    public TensorType InDataType;
    public TensorType OutDataType;

    public override OptionsType Type => OptionsType.CastOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref InDataType);
        fields.Enum(1, ref OutDataType);
    }
}
