using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras;

/// <summary>What becomes of the mask of a layer's first input.</summary>
internal enum MaskRule
{
    /// <summary>The result has none.</summary>
    Dropped,

    /// <summary>The result has the same.</summary>
    Passed,

    /// <summary>The layer tells the masks of its results.</summary>
    Computed,
}

/// <summary>How the layers of one class are imported: their results, their masks, their weights.</summary>
internal sealed record LayerRow(Func<LayerContext, Value[]> Import, MaskRule Mask = MaskRule.Dropped, Func<KerasObject, WeightLayout>? Weights = null)
{
    /// <summary>The name of the class in Python, where it is registered under another one.</summary>
    public string? PythonName { get; init; }
}
