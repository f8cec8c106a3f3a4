using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Benchmarks.Recurrent;

/// <summary>A cell with as many features as units over a sequence of batch 1: one operator for an LSTM, a loop over dense layers for a GRU, as converters leave it.</summary>
internal static class RecurrentNetwork
{
    public static IReadOnlyDictionary<string, Func<int, int, bool, byte[]>> All { get; } = new Dictionary<string, Func<int, int, bool, byte[]>>
    {
        ["lstm"] = Lstm,
        ["gru"] = Gru,
    };

    private static byte[] Lstm(int units, int steps, bool isQuantized)
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Float32, 1, steps, units);
        var weights = new CellWeights(graph, isQuantized);
        int[] matrices = [.. Enumerable.Range(0, 8).Select(_ => weights.Matrix(units, units))];
        int[] biases = [.. Enumerable.Range(0, 4).Select(_ => weights.Bias(units))];
        int state = graph.Variable("state", TensorType.Float32, 1, units), cell = graph.Variable("cell", TensorType.Float32, 1, units);
        int[] operands = [input, .. matrices, -1, -1, -1, .. biases, -1, -1, state, cell];
        var options = new UnidirectionalSequenceLstmOptions { Activation = ActivationFunction.Tanh, AsymmetricQuantizeInputs = true };
        return ModelWriter.WriteConverted(graph.Return(graph.Call(BuiltinOperator.UnidirectionalSequenceLstm, operands, "y", TensorType.Float32, [1, steps, units], options)));
    }

    private static byte[] Gru(int units, int steps, bool isQuantized)
    {
        var main = new SubgraphBuilder("main");
        int sequence = main.Input("x", TensorType.Float32, steps, units);
        int first = main.Scalar(0), zeros = main.Constant(TensorType.Float32, new float[units], 1, units);
        int step = main.Tensor("step", TensorType.Int32), inputs = main.Tensor("inputs", TensorType.Float32, steps, units), state = main.Tensor("y", TensorType.Float32, 1, units);
        main.Call(BuiltinOperator.While, [first, sequence, zeros], [step, inputs, state], new WhileOptions { CondSubgraphIndex = 1, BodySubgraphIndex = 2 });
        return ModelWriter.WriteConverted(main.Return(state), Condition(units, steps), Body(units, steps, isQuantized));
    }

    private static SubgraphBuilder Condition(int units, int steps)
    {
        var graph = new SubgraphBuilder("condition");
        int step = graph.Input("step", TensorType.Int32);
        graph.Input("inputs", TensorType.Float32, steps, units);
        graph.Input("state", TensorType.Float32, 1, units);
        return graph.Return(graph.Call(BuiltinOperator.Less, [step, graph.Scalar(steps)], "goes on", TensorType.Bool, []));
    }

    /// <summary>update = s(ax + ah), reset = s(bx + bh), candidate = tanh(cx + reset * ch), state = candidate + update * (state - candidate).</summary>
    private static SubgraphBuilder Body(int units, int steps, bool isQuantized)
    {
        var graph = new SubgraphBuilder("body");
        var weights = new CellWeights(graph, isQuantized);
        int[] row = [1, units], gates = [1, 3 * units];
        int step = graph.Input("step", TensorType.Int32), sequence = graph.Input("inputs", TensorType.Float32, steps, units), state = graph.Input("state", TensorType.Float32, row);
        int Float(BuiltinOperator code, string name, params int[] inputs) => graph.Call(code, inputs, name, TensorType.Float32, row);
        int Dense(string name, int values) => graph.Call(
            BuiltinOperator.FullyConnected, [values, weights.Matrix(3 * units, units), weights.Bias(3 * units)], name, TensorType.Float32, gates, new FullyConnectedOptions { AsymmetricQuantizeInputs = true });
        int[] Split(string name, int values)
        {
            int[] parts = [.. Enumerable.Range(0, 3).Select(i => graph.Tensor($"{name}{i}", TensorType.Float32, row))];
            graph.Call(BuiltinOperator.Split, [graph.Scalar(1), values], parts, new SplitOptions { NumSplits = 3 });
            return parts;
        }

        int now = graph.Call(BuiltinOperator.Gather, [sequence, graph.Call(BuiltinOperator.Reshape, [step, graph.Constant(TensorType.Int32, [1], 1)], "index", TensorType.Int32, [1])], "now", TensorType.Float32, row);
        int[] x = Split("x", Dense("from input", now)), h = Split("h", Dense("from state", state));
        int update = Float(BuiltinOperator.Logistic, "update", Float(BuiltinOperator.Add, "a", x[0], h[0]));
        int reset = Float(BuiltinOperator.Logistic, "reset", Float(BuiltinOperator.Add, "b", x[1], h[1]));
        int candidate = Float(BuiltinOperator.Tanh, "candidate", Float(BuiltinOperator.Add, "c", x[2], Float(BuiltinOperator.Mul, "kept", reset, h[2])));
        int difference = Float(BuiltinOperator.Mul, "scaled", update, Float(BuiltinOperator.Sub, "difference", state, candidate));
        int next = graph.Call(BuiltinOperator.Add, [step, graph.Scalar(1)], "next", TensorType.Int32, []);
        return graph.Return(next, sequence, Float(BuiltinOperator.Add, "new state", candidate, difference));
    }
}
