namespace Quantize.Runtime.Format.Options;

/// <summary>An operator of a higher level by its name and attributes, a FlexBuffer, and the subgraph that spells it out.</summary>
internal sealed record StablehloCompositeOptions : OperatorOptions
{
    public string Name = "";
    public int Subgraph;
    public byte[] Attributes = [];
    public int Version;

    public override OptionsType2 Type2 => OptionsType2.StableHLOCompositeOptions;

    public override void Fields<TFields>(ref TFields fields)
    {
        fields.String(0, ref Name);
        fields.Int(1, ref Subgraph);
        fields.Bytes(2, ref Attributes);
        fields.Int(4, ref Version);
    }
}
