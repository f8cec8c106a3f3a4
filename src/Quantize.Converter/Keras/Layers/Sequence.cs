using Quantize.Converter.Graphs;

namespace Quantize.Converter.Keras.Layers;

/// <summary>What a recurrent layer gives: [batch, steps, ...] of all steps, the last one's, and the states behind it.</summary>
internal sealed record Sequence(Value Outputs, Value Last, Value[] States);
