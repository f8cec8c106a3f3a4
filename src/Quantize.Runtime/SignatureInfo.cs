namespace Quantize.Runtime;

/// <summary>A named entry point of a model.</summary>
/// <param name="Key">Its key, <c>serving_default</c> for most models.</param>
/// <param name="Inputs">In the file's order.</param>
/// <param name="Outputs">In the file's order.</param>
public sealed record SignatureInfo(string Key, IReadOnlyList<TensorInfo> Inputs, IReadOnlyList<TensorInfo> Outputs)
{
    /// <summary>For instance <c>serving_default: image Float32 [?,28,28] -> classes Int64 [?]</c>.</summary>
    public override string ToString() => $"{Key}: {string.Join(", ", Inputs)} -> {string.Join(", ", Outputs)}";
}
