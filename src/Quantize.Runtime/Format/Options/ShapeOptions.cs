namespace Quantize.Runtime.Format.Options;

internal sealed record ShapeOptions : OperatorOptions
{
    public TensorType OutType;

    public override OptionsType Type => OptionsType.ShapeOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Enum(0, ref OutType);
    }
}
