using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Plain recurrent cells and SVDF. The state that the operation is given, and gives back, is a variable tensor in TensorFlow Lite.</summary>
internal static class NnapiRecurrent
{
    public static void Rnn(NnapiNode node)
    {
        int state = node.State(4);
        node.Graph.Call(BuiltinOperator.Rnn, [.. node.OptionalTensors(0, 4), state], [node.ResultTensor(1)], new RnnOptions { Activation = node.Activation(5) });
        node.SetResult(0, state);
    }

    public static void UnidirectionalRnn(NnapiNode node) => node.Result(
        BuiltinOperator.UnidirectionalSequenceRnn, [.. node.OptionalTensors(0, 4), node.State(4)],
        new SequenceRnnOptions { Activation = node.Activation(5), TimeMajor = node.Bool(6) });

    public static void BidirectionalRnn(NnapiNode node)
    {
        bool isMerged = node.Bool(14);
        int[] results = isMerged ? [node.ResultTensor(0)] : [node.ResultTensor(0), node.ResultTensor(1)];
        int[] inputs = [.. node.OptionalTensors(0, 4), node.State(4), .. node.OptionalTensors(5, 3), node.State(8), .. node.OptionalTensors(9, 3)];
        node.Graph.Call(
            BuiltinOperator.BidirectionalSequenceRnn, inputs, results,
            new BidirectionalSequenceRnnOptions { Activation = node.Activation(12), TimeMajor = node.Bool(13), MergeOutputs = isMerged });
    }

    public static void Svdf(NnapiNode node)
    {
        int state = node.State(4);
        node.Graph.Call(
            BuiltinOperator.Svdf, [.. node.OptionalTensors(0, 4), state], [node.ResultTensor(1)], new SvdfOptions { Rank = node.Int(5), Activation = node.Activation(6) });
        node.SetResult(0, state);
    }
}
