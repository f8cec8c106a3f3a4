namespace Quantize.Converter.Keras.Models;

/// <summary>A layer whose configuration makes no sense, or does not go with its weights: the message is the fact, as a sentence.</summary>
internal sealed class LayerException(string fact) : Exception(fact);
