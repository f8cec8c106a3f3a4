namespace Quantize.Runtime.Format.Options;

/// <summary>What a custom operator has in place of an option table: its name and bytes of its own.</summary>
internal sealed record CustomOptions(string Code, ReadOnlyMemory<byte> Bytes) : OperatorOptions
{
    public override void Fields<TFields>(ref TFields fields)
    {
    }
}
