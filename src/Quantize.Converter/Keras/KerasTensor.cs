using Quantize.Converter.Graphs;
using Quantize.Runtime;

namespace Quantize.Converter.Keras;

/// <summary>
/// What flows between layers: a value, the mask that goes with it (bool, without the last dimensions), and the type that Keras gives it. Halves and doubles are
/// float32 until they leave the model.
/// </summary>
internal sealed record KerasTensor(Value Value, TensorType Type, Value? Mask = null)
{
    public Value? Mask { get; private set; } = Mask;

    /// <summary>Some layers of Keras take the mask off what they are given: who reads it after them finds none.</summary>
    public void DropMask() => Mask = null;
}
