using Quantize.Converter.Graphs;

namespace Quantize.Converter.Quantization;

/// <summary>8-bit weights with one scale for all: the file of Google's converter before 2020, and of its flag that turns channels off.</summary>
internal static class DynamicRangePerTensor
{
    public static Value Quantize(WeightPlace place, Value weights) => TrainedCodes.Of(weights, 0, 1) ?? SymmetricInt8.QuantizePerTensor(weights);
}
