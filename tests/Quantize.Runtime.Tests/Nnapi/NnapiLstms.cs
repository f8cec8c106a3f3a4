using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>LSTM cells. Operands stand in the order of TensorFlow Lite up to the states; scales of normalized layers come after the options.</summary>
internal static class NnapiLstms
{
    private const int Weights = 18, Options = 20, BidirectionalOptions = 48, Gates = 4;

    public static void OneStep(NnapiNode node)
    {
        int output = node.State(Weights), cell = node.State(Weights + 1);
        var options = new LstmOptions { Activation = node.Activation(Options), CellClip = node.Float(Options + 1), ProjClip = node.Float(Options + 2) };
        node.Graph.Call(BuiltinOperator.Lstm, Inputs(node, output, cell, normalization: Options + 3), [node.ResultTensor(3)], options);
        node.SetResult(1, output);
        node.SetResult(2, cell);
    }

    public static void Unidirectional(NnapiNode node)
    {
        var options = new UnidirectionalSequenceLstmOptions
        {
            Activation = node.Activation(Options),
            CellClip = node.Float(Options + 1),
            ProjClip = node.Float(Options + 2),
            TimeMajor = node.Bool(Options + 3),
        };
        node.Result(BuiltinOperator.UnidirectionalSequenceLstm, Inputs(node, node.State(Weights), node.State(Weights + 1), normalization: Options + 4), options);
    }

    /// <summary>
    /// TensorFlow Lite's operator knows no normalized layers: those are two sequences in one direction each, of which the second is turned round before and after.
    /// </summary>
    public static void Bidirectional(NnapiNode node)
    {
        if (node.Has(BidirectionalOptions + 5))
        {
            Direction(node, 0, node.Tensor(0), 1, 35, BidirectionalOptions + 5);
            int time = node.Bool(BidirectionalOptions + 4) ? 0 : 1;
            int reversed = Reversed(node, node.Tensor(0), time);
            Reversed(node, Direction(node, null, reversed, 18, 37, BidirectionalOptions + 9), time, node.ResultTensor(1));
            return;
        }

        bool isMerged = node.Bool(BidirectionalOptions + 3);
        int[] results = isMerged ? [node.ResultTensor(0)] : [node.ResultTensor(0), node.ResultTensor(1)];
        bool isAuxiliary = node.Has(39);
        int[] auxiliary = isAuxiliary ? [.. node.OptionalTensors(39, 9)] : [-1, -1, -1, -1, -1, -1, -1, -1, -1];
        int[] inputs = [.. node.OptionalTensors(0, 35), node.State(35), node.State(36), node.State(37), node.State(38), .. auxiliary];
        node.Graph.Call(BuiltinOperator.BidirectionalSequenceLstm, inputs, results, new BidirectionalSequenceLstmOptions
        {
            Activation = node.Activation(BidirectionalOptions),
            CellClip = node.Float(BidirectionalOptions + 1),
            ProjClip = node.Float(BidirectionalOptions + 2),
            MergeOutputs = isMerged,
            TimeMajor = node.Bool(BidirectionalOptions + 4),
        });
    }

    /// <summary>
    /// Weights of one matrix and the state as inputs and outputs: the basic kernel. Gates come in the order input, candidate, forget, output. Android joins the values as (input,
    /// last output), but the weights as (recurrent, input): its expected values follow from this.
    /// </summary>
    public static void Quantized(NnapiNode node)
    {
        SubgraphBuilder graph = node.Graph;
        int units = node.Input(1).Shape[0], depth = node.Input(1).Shape[1], batch = node.Input(0).Shape[0];
        int[] gates = [0, 2, 1, 3];
        int[] rows = [.. gates.Select(gate => Joined(node, node.Input(1), [node.Tensor(5 + gate), node.Tensor(1 + gate)], 1, [units, depth + units]))];
        int weights = Joined(node, node.Input(1), rows, 0, [Gates * units, depth + units]);
        int bias = Joined(node, node.Input(9), [.. gates.Select(gate => node.Tensor(9 + gate))], 0, [Gates * units]);
        int[] between = [node.Like(node.Tensor(0), [batch, depth + units]), node.Like(node.Tensor(13), [batch, Gates * units])];
        var options = new LstmOptions { KernelType = LstmKernelType.Basic, Activation = ActivationFunction.Tanh };
        graph.Call(BuiltinOperator.Lstm, [node.Tensor(0), node.Tensor(14), weights, bias, node.Tensor(13)], [node.ResultTensor(1), node.ResultTensor(0), .. between], options);
    }

    private static int[] Inputs(NnapiNode node, int output, int cell, int normalization) =>
        [.. node.OptionalTensors(0, Weights), output, cell, .. node.OptionalTensors(normalization, Gates)];

    private static int Direction(NnapiNode node, int? result, int sequence, int first, int state, int normalization)
    {
        int output = result is { } index ? node.ResultTensor(index) : node.Model.Like(node.Output(0), "backwards", node.Output(0).Shape);
        int[] inputs = [sequence, .. node.OptionalTensors(first, Weights - 1), node.State(state), node.State(state + 1), .. node.OptionalTensors(normalization, Gates)];
        node.Graph.Call(BuiltinOperator.UnidirectionalSequenceLstm, inputs, [output], new UnidirectionalSequenceLstmOptions
        {
            Activation = node.Activation(BidirectionalOptions),
            CellClip = node.Float(BidirectionalOptions + 1),
            ProjClip = node.Float(BidirectionalOptions + 2),
            TimeMajor = node.Bool(BidirectionalOptions + 4),
        });
        return output;
    }

    private static int Reversed(NnapiNode node, int tensor, int axis, int? into = null)
    {
        int reversed = into ?? node.Like(tensor, node.Graph.Tensors[tensor].Shape);
        node.Graph.Call(BuiltinOperator.ReverseV2, [tensor, node.Constant(axis)], [reversed]);
        return reversed;
    }

    private static int Joined(NnapiNode node, NnapiOperand like, int[] tensors, int axis, int[] shape)
    {
        int joined = node.Model.Like(like, "joined", shape);
        node.Graph.Call(BuiltinOperator.Concatenation, tensors, [joined], new ConcatenationOptions { Axis = axis });
        return joined;
    }
}
