using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>Recurrent cells of two units on three features, without what is optional.</summary>
internal static class RecurrentProbes
{
    private const int Units = 2, Features = 3, Steps = 4, Gates = 4;

    public static void Rnn(ProbeGraph probe) => probe.Call(
        BuiltinOperator.Rnn, [probe.Data(1, Features), .. Cell(probe), probe.State(1, Units)], [1, Units], new RnnOptions { Activation = ActivationFunction.Tanh });

    public static void UnidirectionalRnn(ProbeGraph probe) => probe.Call(
        BuiltinOperator.UnidirectionalSequenceRnn, [probe.Data(1, Steps, Features), .. Cell(probe), probe.State(1, Units)], [1, Steps, Units],
        new SequenceRnnOptions { Activation = ActivationFunction.Tanh });

    public static void BidirectionalRnn(ProbeGraph probe) => probe.CallInto(
        BuiltinOperator.BidirectionalSequenceRnn, [probe.Data(1, Steps, Features), .. Cell(probe), probe.State(1, Units), .. Cell(probe), probe.State(1, Units), -1, -1, -1],
        [probe.Inner(1, Steps, Units), probe.Inner(1, Steps, Units)], new BidirectionalSequenceRnnOptions { Activation = ActivationFunction.Tanh });

    public static void Svdf(ProbeGraph probe)
    {
        const int Memory = 5;
        int time = probe.Form.Data == TensorType.Int8 ? Shorts(probe, Units, Memory) : probe.Weights(Units, Memory);
        int state = probe.State(1, Units * Memory);
        if (probe.Form.Data == TensorType.Int8)
            probe.Main.Tensors[state] = probe.Main.Tensors[state] with { Type = TensorType.Int16 };
        probe.Call(BuiltinOperator.Svdf, [probe.Data(1, Features), probe.Weights(Units, Features), time, probe.Bias(Units), state], [1, Units], new SvdfOptions { Rank = 1 });
    }

    public static void Lstm(ProbeGraph probe)
    {
        if (probe.Form.Data == TensorType.UInt8)
            BasicLstm(probe);
        else
            probe.Call(BuiltinOperator.Lstm, [probe.Data(1, Features), .. LstmCell(probe), .. LstmStates(probe)], [1, Units],
                new LstmOptions { Activation = ActivationFunction.Tanh });
    }

    public static void UnidirectionalLstm(ProbeGraph probe) => probe.Call(
        BuiltinOperator.UnidirectionalSequenceLstm, [probe.Data(1, Steps, Features), .. LstmCell(probe), .. LstmStates(probe)], [1, Steps, Units],
        new UnidirectionalSequenceLstmOptions { Activation = ActivationFunction.Tanh });

    public static void BidirectionalLstm(ProbeGraph probe) => probe.CallInto(
        BuiltinOperator.BidirectionalSequenceLstm,
        [probe.Data(1, Steps, Features), .. LstmCell(probe), .. LstmCell(probe), .. LstmStates(probe), .. LstmStates(probe), .. Absent(9)],
        [probe.Inner(1, Steps, Units), probe.Inner(1, Steps, Units)], new BidirectionalSequenceLstmOptions { Activation = ActivationFunction.Tanh, TimeMajor = false });

    /// <summary>The kernel whose state the graph passes along: that of uint8.</summary>
    private static void BasicLstm(ProbeGraph probe)
    {
        int cell = Short(probe, probe.Other(TensorType.Int16, 1, Units));
        int[] results = [probe.Inner(1, Units), Short(probe, probe.Inner(1, Units)), probe.Inner(1, Features + Units), Short(probe, probe.Inner(1, Gates * Units))];
        probe.CallInto(
            BuiltinOperator.Lstm, [probe.Data(1, Features), probe.Data(1, Units), probe.Weights(Gates * Units, Features + Units), probe.Bias(Gates * Units), cell], results,
            new LstmOptions { Activation = ActivationFunction.Tanh, KernelType = LstmKernelType.Basic });
    }

    private static int[] Cell(ProbeGraph probe) => [probe.Weights(Units, Features), probe.Weights(Units, Units), probe.Bias(Units)];

    /// <summary>Weights of the gates, no peepholes, biases, no projection.</summary>
    private static int[] LstmCell(ProbeGraph probe) =>
    [
        .. Enumerable.Range(0, Gates).Select(_ => probe.Weights(Units, Features)), .. Enumerable.Range(0, Gates).Select(_ => probe.Weights(Units, Units)),
        .. Absent(3), .. Enumerable.Range(0, Gates).Select(_ => probe.Bias(Units)), .. Absent(2),
    ];

    /// <summary>Output and cell; beside codes of 8 bits the cell has 16.</summary>
    private static int[] LstmStates(ProbeGraph probe)
    {
        int output = probe.State(1, Units), cell = probe.State(1, Units);
        return [output, probe.Form.Data == TensorType.Int8 ? Short(probe, cell) : cell];
    }

    private static int Short(ProbeGraph probe, int tensor)
    {
        probe.Main.Tensors[tensor] = probe.Main.Tensors[tensor] with { Type = TensorType.Int16, Scales = [1f / 2048], ZeroPoint = 0 };
        return tensor;
    }

    private static int Shorts(ProbeGraph probe, int rows, int columns) => probe.Main.Add(
        new($"shorts{probe.Main.Tensors.Count}", TensorType.Int16, [rows, columns], ProbeGraph.Ones(TensorType.Int16, rows * columns)) { Scales = [1f / 2048] });

    private static IEnumerable<int> Absent(int count) => Enumerable.Repeat(-1, count);
}
