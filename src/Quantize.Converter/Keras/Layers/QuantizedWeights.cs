using Quantize.Converter.Graphs;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Weights of layers that Keras itself may have quantized, in float.</summary>
internal static class QuantizedWeights
{
    public static Value Kernel(LayerContext context, string name, params int[] shape) => context.Weight(0, name, shape);

    public static Value Table(LayerContext context, string name, params int[] shape) => context.Weight(0, name, shape);
}
