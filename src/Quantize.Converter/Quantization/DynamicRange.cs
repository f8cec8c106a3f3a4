using Quantize.Converter.Graphs;

namespace Quantize.Converter.Quantization;

/// <summary>8-bit weights with one scale for each output channel, or one for all where an operator has no channels.</summary>
internal static class DynamicRange
{
    public static Value Quantize(WeightPlace place, Value weights) =>
        place.Axis is { } axis
            ? TrainedCodes.Of(weights, axis, weights.Shape[axis].Value) ?? SymmetricInt8.QuantizePerChannel(weights, axis)
            : DynamicRangePerTensor.Quantize(place, weights);
}
