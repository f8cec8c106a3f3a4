namespace Quantize.Runtime.Format.Options;

internal sealed record SparseToDenseOptions : OperatorOptions
{
    public bool ValidateIndices;

    public override OptionsType Type => OptionsType.SparseToDenseOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.Bool(0, ref ValidateIndices);
    }
}
