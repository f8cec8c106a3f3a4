using Quantize.Converter.Graphs;
using Quantize.Converter.Passes;
using Quantize.Converter.Reports;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Quantization;

/// <summary>Replaces float weights by quantized ones. Biases stay float, as do weights too small to be worth it.</summary>
internal sealed class WeightQuantizer
{
    /// <summary>Weights of fewer elements stay float.</summary>
    public const int FewestElements = 1024;

    private static readonly Dictionary<QuantizationScheme, Func<Node, Value, Value>> s_schemes = new()
    {
        [QuantizationScheme.DynamicRange] = DynamicRange.Quantize,
        [QuantizationScheme.DynamicRangePerTensor] = DynamicRangePerTensor.Quantize,
    };

    private readonly Func<Node, Value, Value> _scheme;
    private readonly Dictionary<(Value Weights, int Axis), Value> _quantized = [];
    private readonly List<WeightReport> _reports = [];

    private WeightQuantizer(Func<Node, Value, Value> scheme) => _scheme = scheme;

    /// <summary>What became of every operator's weights, in the order of the operators.</summary>
    public static IReadOnlyList<WeightReport> Run(Module module, QuantizationScheme scheme)
    {
        if (scheme == QuantizationScheme.None)
            return [];
        var quantizer = new WeightQuantizer(s_schemes[scheme]);
        foreach (Node node in module.Nodes.Where(node => ChannelConstant.WeightAxis(node) >= 0))
            quantizer.Quantize(node);
        return quantizer._reports;
    }

    private void Quantize(Node node)
    {
        Value weights = node.Input(1)!;
        string? reason = ReasonToStayFloat(weights);
        _reports.Add(new WeightReport(node.Name, weights.Shape.ElementCount.IsKnown ? weights.Shape.ElementCount.Value : 0, reason));
        if (reason is not null)
            return;
        var key = (weights, ChannelConstant.WeightAxis(node));
        if (!_quantized.TryGetValue(key, out Value? quantized))
            _quantized[key] = quantized = _scheme(node, weights);
        node.SetInput(1, quantized);
        if (node.Options is FullyConnectedOptions options)
            node.Options = options with { AsymmetricQuantizeInputs = true };
    }

    private static string? ReasonToStayFloat(Value weights)
    {
        if (!weights.IsConstant)
            return "the weights are computed";
        if (weights.Type != TensorType.Float32)
            return $"the weights are {weights.Type}";
        int count = weights.Shape.ElementCount.Value;
        if (count < FewestElements)
            return $"{count} weights, fewer than {FewestElements}";
        foreach (float number in ConstantData.Floats(weights))
        {
            if (!float.IsFinite(number))
                return "a weight is infinite or not a number";
        }

        return null;
    }
}
