using System.Collections.Concurrent;
using Quantize.Converter.Graphs;
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

    private static readonly Dictionary<QuantizationScheme, Func<WeightPlace, Value, Value>> s_schemes = new()
    {
        [QuantizationScheme.DynamicRange] = DynamicRange.Quantize,
        [QuantizationScheme.DynamicRangePerTensor] = DynamicRangePerTensor.Quantize,
    };

    private readonly KeptFloat _kept;
    private readonly List<(Graph Graph, Node Node, WeightPlace Place)> _chosen = [];
    private readonly List<WeightReport> _reports = [];

    private WeightQuantizer(KeptFloat kept) => _kept = kept;

    /// <summary>What became of every operator's float weights, in the order of the operators.</summary>
    public static IReadOnlyList<WeightReport> Run(Module module, QuantizationScheme scheme, KeptFloat kept)
    {
        if (scheme == QuantizationScheme.None)
            return [];
        var quantizer = new WeightQuantizer(kept);
        foreach (Graph graph in module.Graphs)
        {
            foreach (Node node in graph.Nodes)
            {
                if (WeightPlaces.All(node) is { Count: > 0 } places)
                    quantizer.Choose(graph, node, places);
            }
        }

        quantizer.Replace(quantizer.Quantized(s_schemes[scheme]));
        return quantizer._reports;
    }

    private void Choose(Graph graph, Node node, IReadOnlyList<WeightPlace> places)
    {
        Value[] weights = [.. places.Select(place => node.Input(place.Input)!)];
        if (Array.Exists(weights, matrix => matrix.IsConstant && matrix.Type != TensorType.Float32))
            return;
        string? reason = _kept.Matches(node.Name) ? "as it was asked for" : ReasonToStayFloat(weights, places);
        _reports.Add(new WeightReport(node.Name, weights.Sum(Count), reason));
        if (reason is null)
            _chosen.AddRange(places.Select(place => (graph, node, place)));
    }

    private static int Count(Value weights) => weights.Shape.ElementCount.IsKnown ? weights.Shape.ElementCount.Value : 0;

    /// <summary>Each weights once for each axis, as many at a time as there are processors.</summary>
    private ConcurrentDictionary<(Value Weights, int? Axis), Value> Quantized(Func<WeightPlace, Value, Value> scheme)
    {
        var quantized = new ConcurrentDictionary<(Value, int?), Value>();
        var distinct = _chosen.Select(choice => (Weights: choice.Node.Input(choice.Place.Input)!, choice.Place)).DistinctBy(choice => (choice.Weights, choice.Place.Axis));
        Parallel.ForEach(distinct, choice => quantized[(choice.Weights, choice.Place.Axis)] = scheme(choice.Place, choice.Weights));
        return quantized;
    }

    private void Replace(ConcurrentDictionary<(Value Weights, int? Axis), Value> quantized)
    {
        foreach ((Graph graph, Node node, WeightPlace place) in _chosen)
            Replace(graph, node, place, quantized[(node.Input(place.Input)!, place.Axis)]);
    }

    private static void Replace(Graph graph, Node node, WeightPlace place, Value quantized)
    {
        if (node.Code != BuiltinOperator.Gather && !TrainedCodes.AreSymmetric(quantized))
        {
            DequantizeInFront(graph, node, place, quantized);
            return;
        }

        node.SetInput(place.Input, quantized);
        if (node.Code == BuiltinOperator.Gather)
            DequantizeBehind(graph, node, quantized);
        if (node.Options is FullyConnectedOptions options)
            node.Options = options with { AsymmetricQuantizeInputs = true };
        else if (node.Options is BatchMatMulOptions product)
            node.Options = product with { AsymmetricQuantizeInputs = true };
        else if (node.Options is UnidirectionalSequenceLstmOptions lstm)
            node.Options = lstm with { AsymmetricQuantizeInputs = true };
        else if (node.Options is SequenceRnnOptions rnn)
            node.Options = rnn with { AsymmetricQuantizeInputs = true };
    }

    /// <summary>Codes that a hybrid kernel cannot take are stored, and become floats when the model is opened.</summary>
    private static void DequantizeInFront(Graph graph, Node node, WeightPlace place, Value quantized)
    {
        var floats = new Value($"{quantized.Name}/floats", TensorType.Float32, quantized.Shape);
        var dequantize = new Node($"{node.Name}/dequantize", BuiltinOperator.Dequantize, new NoOptions(OptionsType.DequantizeOptions), [quantized], [floats]);
        graph.Nodes.Insert(graph.Nodes.IndexOf(node), dequantize);
        node.SetInput(place.Input, floats);
    }

    /// <summary>Codes are gathered, and only what was gathered becomes floats.</summary>
    private static void DequantizeBehind(Graph graph, Node gather, Value table)
    {
        Value result = gather.Output;
        var codes = new Value($"{gather.Name}/codes", table.Type, result.Shape) { Quantization = table.Quantization };
        int place = graph.Nodes.IndexOf(gather);
        graph.Nodes[place] = new Node(gather.Name, gather.Code, gather.Options, [.. gather.Inputs], [codes]);
        gather.ClearInputs();
        graph.Nodes.Insert(place + 1, new Node($"{gather.Name}/dequantize", BuiltinOperator.Dequantize, new NoOptions(OptionsType.DequantizeOptions), [codes], [result]));
    }

    private static string? ReasonToStayFloat(Value[] matrices, IReadOnlyList<WeightPlace> places)
    {
        if (!Array.TrueForAll(matrices, weights => weights.IsConstant))
            return "the weights are computed";
        int count = places.Zip(matrices).GroupBy(pair => pair.First.Group, pair => Count(pair.Second)).Max(group => group.Sum());
        if (count < FewestElements)
            return $"{count} weights, fewer than {FewestElements}";
        return Array.TrueForAll(matrices, AreFinite) ? null : "a weight is infinite or not a number";
    }

    private static bool AreFinite(Value weights)
    {
        foreach (float number in ConstantData.Floats(weights))
        {
            if (!float.IsFinite(number))
                return false;
        }

        return true;
    }
}
