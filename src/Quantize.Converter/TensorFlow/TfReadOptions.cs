namespace Quantize.Converter.TensorFlow;

/// <summary>What to take from a TensorFlow source. Empty lists and null mean: as the model says.</summary>
internal sealed record TfReadOptions
{
    /// <summary>Tags of the MetaGraph; empty means <c>serve</c>, or the only one there is.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Key of the one signature to keep; null keeps all.</summary>
    public string? SignatureKey { get; init; }

    /// <summary>Tensors (<c>name</c> or <c>name:k</c>) that become the inputs, whatever computes them.</summary>
    public IReadOnlyList<string> InputArrays { get; init; } = [];

    /// <summary>Tensors (<c>name</c> or <c>name:k</c>) that become the outputs.</summary>
    public IReadOnlyList<string> OutputArrays { get; init; } = [];

    /// <summary>Variables need not have values: a SavedModel's variables folder is not looked at until a value is asked for.</summary>
    public bool SignatureOnly { get; init; }
}
