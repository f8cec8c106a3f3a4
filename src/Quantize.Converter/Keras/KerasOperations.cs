using Quantize.Converter.Graphs;

namespace Quantize.Converter.Keras;

/// <summary>Functions of <c>keras.ops</c> and of TensorFlow that stand among the layers of a functional model.</summary>
internal static class KerasOperations
{
    public static Value[] Import(LayerContext context) => throw context.Refuse("it is not supported");
}
