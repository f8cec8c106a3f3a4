using System.Runtime.InteropServices;
using Quantize.Converter.Graphs;
using Quantize.Converter.Reports;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Quantization;

/// <summary>
/// Operators whose operands, weights and result quantization-aware training has all rounded compute on its codes: DEQUANTIZE, operator and QUANTIZE become the operator
/// alone. Integers of 32 bits are its bias.
/// </summary>
internal sealed class TrainedIntegers
{
    /// <summary>How many operands are codes; the operators of <see cref="WeightPlaces"/> have weights and a bias behind them.</summary>
    private static readonly Dictionary<BuiltinOperator, int> s_operands = new()
    {
        [BuiltinOperator.Add] = 2,
        [BuiltinOperator.Conv2D] = 1,
        [BuiltinOperator.DepthwiseConv2D] = 1,
        [BuiltinOperator.FullyConnected] = 1,
        [BuiltinOperator.Mean] = 1,
        [BuiltinOperator.Mul] = 2,
    };

    private readonly Graph _graph;
    private readonly Node _node;
    private readonly Node _quantize;
    private readonly Value?[] _inputs;

    private TrainedIntegers(Graph graph, Node node, Node quantize, Value?[] inputs) => (_graph, _node, _quantize, _inputs) = (graph, node, quantize, inputs);

    /// <summary>What became of the weights of those that compute on codes now.</summary>
    public static IReadOnlyList<WeightReport> Run(Module module, KeptFloat kept)
    {
        List<WeightReport> reports = [];
        foreach (Graph graph in module.Graphs)
        {
            DequantizeSinking.Run(graph);
            foreach (Node node in graph.Nodes.ToArray())
            {
                if (Of(graph, node) is not { } integers || kept.Matches(node.Name))
                    continue;
                if (WeightPlaces.InputOf(node.Code) is { } place)
                    reports.Add(new WeightReport(node.Name, node.Input(place)!.Shape.ElementCount.Value, null));
                integers.Replace();
            }
        }

        return reports;
    }

    /// <summary>The operator on codes; null where training has not rounded all that it needs.</summary>
    private static TrainedIntegers? Of(Graph graph, Node node)
    {
        if (!s_operands.TryGetValue(node.Code, out int count) || QuantizeBehind(graph, node) is not { } quantize)
            return null;
        Value?[] inputs = [.. node.Inputs];
        for (int i = 0; i < count; i++)
        {
            if (CodesOf(inputs[i]!) is not { } codes)
                return null;
            inputs[i] = codes;
        }

        bool hasWeights = WeightPlaces.InputOf(node.Code) is not null;
        return hasWeights && !TakeWeights(node, inputs) ? null : new TrainedIntegers(graph, node, quantize, inputs);
    }

    /// <summary>Puts it in the place of the floats.</summary>
    private void Replace()
    {
        Node[] sources = [.. _node.Inputs.OfType<Value>().Select(input => input.Producer).OfType<Node>().Distinct()];
        Value result = _quantize.Output;
        _graph.Nodes[_graph.Nodes.IndexOf(_quantize)] = new Node(_node.Name, _node.Code, _node.Options, _inputs, [result]);
        _quantize.ClearInputs();
        _graph.Remove(_node);
        foreach (Node source in sources)
        {
            if (source.Code == BuiltinOperator.Dequantize && source.Output.Consumers.Count == 0 && !_graph.IsOutput(source.Output))
                _graph.Remove(source);
        }
    }

    /// <summary>The codes of a value that is nothing but them.</summary>
    public static Value? CodesOf(Value value) =>
        value.Producer is { Code: BuiltinOperator.Dequantize } producer && producer.Input(0) is { Type: TensorType.Int8, Quantization.PerChannel: false } codes ? codes : null;

    private static Node? QuantizeBehind(Graph graph, Node node) =>
        node.Output.Consumers is [{ Code: BuiltinOperator.Quantize } quantize] && graph.IsReadOnlyBy(node.Output, quantize)
        && quantize.Output is { Type: TensorType.Int8, Quantization.PerChannel: false } ? quantize : null;

    private static bool TakeWeights(Node node, Value?[] inputs)
    {
        if (WeightPlaces.Of(node) is not { Input: var place, Axis: { } axis } || inputs[place] is not { IsConstant: true, Type: TensorType.Float32, Grid: { } grid } weights)
            return false;
        Value? coded = grid.Steps.Length == 1 ? TrainedCodes.Of(weights, 0, 1) : TrainedCodes.Of(weights, axis, weights.Shape[axis].Value);
        if (coded is null || !TrainedCodes.AreSymmetric(coded))
            return false;
        inputs[place] = coded;
        if (inputs.Length <= place + 1 || inputs[place + 1] is not { } bias)
            return true;
        inputs[place + 1] = bias is { IsConstant: true, Type: TensorType.Float32 } ? Bias(bias, inputs[0]!.Quantization!.Scales[0], coded.Quantization!.Scales) : null;
        return inputs[place + 1] is not null;
    }

    /// <summary>In steps of the products; null where one of them is too large to be counted.</summary>
    private static Value? Bias(Value bias, float inputScale, float[] weightScales)
    {
        ReadOnlySpan<float> numbers = ConstantData.Floats(bias);
        float[] scales = [.. weightScales.Select(scale => inputScale * scale)];
        var counts = new int[numbers.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            double count = Math.Round((double)numbers[i] / scales[scales.Length == 1 ? 0 : i], MidpointRounding.AwayFromZero);
            if (!(Math.Abs(count) <= int.MaxValue))
                return null;
            counts[i] = (int)count;
        }

        Value coded = Value.Constant(bias.Name, TensorType.Int32, bias.Shape.ToArray(), MemoryMarshal.AsBytes(counts.AsSpan()).ToArray());
        coded.Quantization = new QuantizationParameters(scales, new long[scales.Length], 0);
        return coded;
    }
}
