using Quantize.Converter.Graphs;
using Quantize.Converter.Passes;

namespace Quantize.Converter.Quantization;

/// <summary>8-bit weights with one scale for each output channel.</summary>
internal static class DynamicRange
{
    public static Value Quantize(Node node, Value weights) => SymmetricInt8.QuantizePerChannel(weights, ChannelConstant.WeightAxis(node));
}
