namespace Quantize.Converter;

/// <summary>What to convert, and how. Empty lists and null mean: as the model says, or the default.</summary>
public sealed record ConversionRequest
{
    /// <summary>Path of a SavedModel folder (or its <c>saved_model.pb</c>), a frozen GraphDef, a Keras file (<c>.keras</c>, <c>.h5</c>, or <c>.json</c> with weights beside it), or a <c>.tflite</c>.</summary>
    public required string ModelPath { get; init; }

    /// <summary>How weights are stored; null means <see cref="QuantizationScheme.DynamicRange"/>, and for a <c>.tflite</c>: as they are.</summary>
    public QuantizationScheme? Quantization { get; init; }

    /// <summary>
    /// How the runtime computes with 8-bit weights; recorded in the file. Null means <see cref="ArithmeticForm.Precise"/>, and for a <c>.tflite</c>: as it says.
    /// </summary>
    public ArithmeticForm? Arithmetic { get; init; }

    /// <summary>Key of the one signature to keep; null keeps all.</summary>
    public string? SignatureKey { get; init; }

    /// <summary>Tags of the MetaGraph to take; empty means <c>serve</c>, or the only one there is.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Names of nodes that become the inputs.</summary>
    public IReadOnlyList<string> InputArrays { get; init; } = [];

    /// <summary>Names of nodes that become the outputs.</summary>
    public IReadOnlyList<string> OutputArrays { get; init; } = [];

    /// <summary>
    /// Operators whose weights stay float: names as the report lists them (a fused operator by any of its nodes), <c>*</c> for any run of characters.
    /// </summary>
    public IReadOnlyList<string> KeepFloat { get; init; } = [];

    /// <summary>
    /// Shapes of inputs whose dimensions the model leaves open, or does not even number: <c>name:1,224,224,3</c>, with <c>?</c> for a dimension that stays open.
    /// </summary>
    public IReadOnlyList<string> InputShapes { get; init; } = [];

    /// <summary>Path of a text file that says what the values of the output stand for, one label a line; null means: what the model says.</summary>
    public string? LabelsPath { get; init; }

    /// <summary>Full name of the class of the application that has the custom operators of a <c>.tflite</c> file; null means that it has none but those the runtime knows.</summary>
    public string? CustomOperators { get; init; }

    /// <summary>Fixes an open batch to this number; null leaves it open.</summary>
    public int? Batch { get; init; }

    /// <summary>Only the signatures: no weight is read and <see cref="ConversionResult.Model"/> is empty.</summary>
    public bool SignatureOnly { get; init; }

    /// <summary>The arithmetic asked for, or the default.</summary>
    internal ArithmeticForm Form => Arithmetic ?? ArithmeticForm.Precise;

    /// <summary>Whether 8-bit weights are asked for.</summary>
    internal bool Quantizes => Quantization is not (null or QuantizationScheme.None);
}

/// <summary>How weights are stored.</summary>
public enum QuantizationScheme
{
    /// <summary>Float weights, as the model has them.</summary>
    None,

    /// <summary>8-bit weights, one scale per output channel; activations are quantized as they come.</summary>
    DynamicRange,

    /// <summary>8-bit weights, one scale per tensor: smaller by the scales, less accurate.</summary>
    DynamicRangePerTensor,
}

/// <summary>How the runtime computes with 8-bit weights.</summary>
public enum ArithmeticForm
{
    /// <summary>Activations in 8 asymmetric bits, as Google's kernels do it.</summary>
    Precise,

    /// <summary>Activations that cannot be negative in 7 bits: faster, with half the resolution.</summary>
    Fast,
}
