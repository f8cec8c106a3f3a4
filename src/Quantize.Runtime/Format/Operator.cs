namespace Quantize.Runtime.Format;

/// <summary>One operator call of a subgraph; tensors by index, -1 for an optional input that is not there.</summary>
internal sealed record Operator(
    BuiltinOperator Code,
    string CustomCode,
    int Version,
    int[] Inputs,
    int[] Outputs,
    int[] Intermediates,
    OperatorOptions Options,
    Range CustomOptions)
{
    /// <summary>The name people know it by: the schema's, or the custom code.</summary>
    public string Name => Code == BuiltinOperator.Custom ? CustomCode : Code.ToString();
}
