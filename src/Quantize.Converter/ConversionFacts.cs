using Quantize.Converter.Quantization;

namespace Quantize.Converter;

/// <summary>What a conversion met.</summary>
/// <param name="Source">The kind of model.</param>
/// <param name="Weights">Those in 8 bits at its end.</param>
/// <param name="HasCustomOperators">The application has to bring some of its operators along.</param>
internal sealed record ConversionFacts(ModelSource Source, EightBitWeights Weights, bool HasCustomOperators);

/// <summary>The kinds of models that are converted.</summary>
internal enum ModelSource
{
    SavedModel,
    FrozenGraph,
    Keras,
    TfLite,
}
