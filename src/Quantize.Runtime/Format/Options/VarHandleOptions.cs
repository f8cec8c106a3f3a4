namespace Quantize.Runtime.Format.Options;

internal sealed record VarHandleOptions : OperatorOptions
{
    public string Container = "";
    public string SharedName = "";

    public override OptionsType Type => OptionsType.VarHandleOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.String(0, ref Container);
        fields.String(1, ref SharedName);
    }
}
