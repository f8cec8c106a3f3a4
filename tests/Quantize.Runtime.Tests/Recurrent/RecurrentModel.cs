using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Kernels;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Recurrent;

/// <summary>Models of one recurrent operator with random weights, the same numbers in float and in 8 bits.</summary>
internal static class RecurrentModel
{
    public const int Features = 20, Units = 24;

    public static byte[] Lstm(int steps, bool isQuantized, bool timeMajor = false, int batch = 1, bool isConverted = false)
    {
        var graph = new SubgraphBuilder("main");
        var random = new Random(1);
        int input = graph.Input("x", TensorType.Float32, timeMajor ? [-1, batch, Features] : [batch, steps, Features]);
        int[] matrices = [.. Enumerable.Range(0, 8).Select(i => Matrix(graph, random, Units, i < 4 ? Features : Units, isQuantized))];
        int[] biases = [.. Enumerable.Range(0, 4).Select(_ => graph.Constant(TensorType.Float32, Numbers.Floats(random, Units), Units))];
        int state = graph.Variable("state", TensorType.Float32, batch, Units), cell = graph.Variable("cell", TensorType.Float32, batch, Units);
        var options = new UnidirectionalSequenceLstmOptions { Activation = ActivationFunction.Tanh, TimeMajor = timeMajor, AsymmetricQuantizeInputs = true };
        int[] operands = [input, .. matrices, -1, -1, -1, .. biases, -1, -1, state, cell];
        int[] shape = timeMajor ? [-1, batch, Units] : [batch, steps, Units];
        graph.Return(graph.Call(BuiltinOperator.UnidirectionalSequenceLstm, operands, "y", TensorType.Float32, shape, options));
        return isConverted ? ModelWriter.WriteConverted(graph) : ModelWriter.Write(graph);
    }

    public static byte[] Rnn(int steps, bool isQuantized)
    {
        var graph = new SubgraphBuilder("main");
        var random = new Random(2);
        int input = graph.Input("x", TensorType.Float32, 1, steps, Features);
        int weights = Matrix(graph, random, Units, Features, isQuantized), recurrent = Matrix(graph, random, Units, Units, isQuantized);
        int bias = graph.Constant(TensorType.Float32, Numbers.Floats(random, Units), Units), state = graph.Variable("state", TensorType.Float32, 1, Units);
        var options = new SequenceRnnOptions { Activation = ActivationFunction.Tanh, AsymmetricQuantizeInputs = true };
        return ModelWriter.Write(graph.Return(graph.Call(BuiltinOperator.UnidirectionalSequenceRnn, [input, weights, recurrent, bias, state], "y", TensorType.Float32, [1, steps, Units], options)));
    }

    public static float[] Values(int count) => Numbers.Floats(new Random(3), count);

    private static int Matrix(SubgraphBuilder graph, Random random, int rows, int columns, bool isQuantized)
    {
        const float Scale = 0.4f / 127;
        sbyte[] codes = Numbers.Bytes(random, rows * columns, -127, 127);
        return isQuantized ? graph.Weights(codes, Scale, rows, columns) : graph.Constant(TensorType.Float32, Array.ConvertAll(codes, code => code * Scale), rows, columns);
    }
}
