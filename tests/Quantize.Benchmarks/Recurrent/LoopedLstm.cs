using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Benchmarks.Recurrent;

/// <summary>The same LSTM as a loop, operator by operator, as the converter writes it where the batch is open: the product of the sequence stands before the loop.</summary>
internal static class LoopedLstm
{
    public static byte[] Write(int units, int steps, bool isQuantized)
    {
        var main = new SubgraphBuilder("main");
        int sequence = main.Input("x", TensorType.Float32, steps, 1, units);
        int first = main.Scalar(0), zeros = main.Constant(TensorType.Float32, new float[units], 1, units), empty = main.Constant(TensorType.Float32, new float[steps * units], steps, 1, units);
        var weights = new CellWeights(main, isQuantized);
        int projected = main.Call(
            BuiltinOperator.FullyConnected, [sequence, weights.Matrix(4 * units, units), weights.Bias(4 * units)], "projected", TensorType.Float32, [steps, 1, 4 * units],
            new FullyConnectedOptions { KeepNumDims = true, AsymmetricQuantizeInputs = true });
        int step = main.Tensor("step", TensorType.Int32), outputs = main.Tensor("y", TensorType.Float32, steps, 1, units), inputs = main.Tensor("inputs", TensorType.Float32, steps, 1, 4 * units);
        int output = main.Tensor("output", TensorType.Float32, 1, units), cell = main.Tensor("cell", TensorType.Float32, 1, units);
        main.Call(BuiltinOperator.While, [first, empty, zeros, zeros, projected], [step, outputs, output, cell, inputs], new WhileOptions { CondSubgraphIndex = 1, BodySubgraphIndex = 2 });
        return ModelWriter.WriteConverted(main.Return(outputs), Condition(units, steps), Body(units, steps, isQuantized));
    }

    private static SubgraphBuilder Condition(int units, int steps)
    {
        var graph = new SubgraphBuilder("condition");
        int step = Arguments(graph, units, steps)[0];
        return graph.Return(graph.Call(BuiltinOperator.Less, [step, graph.Scalar(steps)], "goes on", TensorType.Bool, []));
    }

    private static SubgraphBuilder Body(int units, int steps, bool isQuantized)
    {
        var graph = new SubgraphBuilder("body");
        var weights = new CellWeights(graph, isQuantized);
        int[] row = [1, units], sums = [1, 4 * units];
        int[] arguments = Arguments(graph, units, steps);
        int Float(BuiltinOperator code, string name, params int[] inputs) => graph.Call(code, inputs, name, TensorType.Float32, row);
        int next = graph.Call(BuiltinOperator.Add, [arguments[0], graph.Scalar(1)], "next", TensorType.Int32, []);
        int now = graph.Call(BuiltinOperator.Gather, [arguments[4], arguments[0]], "now", TensorType.Float32, sums);
        int recurrent = graph.Call(
            BuiltinOperator.FullyConnected, [arguments[2], weights.Matrix(4 * units, units), -1], "recurrent", TensorType.Float32, sums, new FullyConnectedOptions { AsymmetricQuantizeInputs = true });
        int both = graph.Call(BuiltinOperator.Add, [now, recurrent], "sums", TensorType.Float32, sums);
        int[] gates = [.. Enumerable.Range(0, 4).Select(i => graph.Tensor($"gate{i}", TensorType.Float32, row))];
        graph.Call(BuiltinOperator.Split, [graph.Scalar(1), both], gates, new SplitOptions { NumSplits = 4 });
        int outputGate = Float(BuiltinOperator.Logistic, "output gate", gates[3]), forgetGate = Float(BuiltinOperator.Logistic, "forget gate", gates[1]);
        int kept = Float(BuiltinOperator.Mul, "kept", forgetGate, arguments[3]), inputGate = Float(BuiltinOperator.Logistic, "input gate", gates[0]);
        int taken = Float(BuiltinOperator.Mul, "taken", inputGate, Float(BuiltinOperator.Tanh, "candidate", gates[2]));
        int cell = Float(BuiltinOperator.Add, "new cell", kept, taken), output = Float(BuiltinOperator.Mul, "new output", outputGate, Float(BuiltinOperator.Tanh, "squashed", cell));
        int place = graph.Call(BuiltinOperator.Pack, [arguments[0], graph.Scalar(0), graph.Scalar(0)], "place", TensorType.Int32, [3], new PackOptions { ValuesCount = 3 });
        int block = graph.Call(BuiltinOperator.ExpandDims, [output, graph.Scalar(0)], "block", TensorType.Float32, [1, 1, units]);
        int list = graph.Call(BuiltinOperator.DynamicUpdateSlice, [arguments[1], block, place], "new outputs", TensorType.Float32, [steps, 1, units]);
        return graph.Return(next, list, output, cell, arguments[4]);
    }

    private static int[] Arguments(SubgraphBuilder graph, int units, int steps) =>
    [
        graph.Input("step", TensorType.Int32),
        graph.Input("outputs", TensorType.Float32, steps, 1, units),
        graph.Input("output", TensorType.Float32, 1, units),
        graph.Input("cell", TensorType.Float32, 1, units),
        graph.Input("inputs", TensorType.Float32, steps, 1, 4 * units),
    ];
}
