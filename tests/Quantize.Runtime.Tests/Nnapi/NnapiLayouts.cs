using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Operations that give elements other places.</summary>
internal static class NnapiLayouts
{
    public static void Concatenation(NnapiNode node)
    {
        int axis = node.InputCount - 1;
        node.Result(BuiltinOperator.Concatenation, [.. Enumerable.Range(0, axis).Select(node.Tensor)], new ConcatenationOptions { Axis = node.Int(axis) });
    }

    public static void Gather(NnapiNode node) => node.Result(BuiltinOperator.Gather, [node.Tensor(0), node.Tensor(2)], new GatherOptions { Axis = node.Axis(1) });

    public static void PadV2(NnapiNode node)
    {
        NnapiOperand input = node.Input(0);
        int code = node.Graph.Add(NnapiModel.Written(input, "pad value") with { Shape = [], Data = NnapiValues.Bytes(input, node.Model.Value(node.Input(2).Name)) });
        node.Result(BuiltinOperator.Padv2, [node.Tensor(0), node.Tensor(1), code]);
    }

    public static void Squeeze(NnapiNode node) => node.Result(BuiltinOperator.Squeeze, [node.Tensor(0)], new SqueezeOptions { SqueezeDims = node.Has(1) ? node.Ints(1) : [] });

    public static void Split(NnapiNode node)
    {
        int[] results = [.. Enumerable.Range(0, node.OutputCount).Select(node.ResultTensor)];
        node.Graph.Call(BuiltinOperator.Split, [node.Constant(node.Axis(1)), node.Tensor(0)], results, new SplitOptions { NumSplits = node.Int(2) });
    }

    public static void StridedSlice(NnapiNode node) => node.Result(
        BuiltinOperator.StridedSlice, [node.Tensor(0), node.Tensor(1), node.Tensor(2), node.Tensor(3)],
        new StridedSliceOptions { BeginMask = node.Int(4), EndMask = node.Int(5), ShrinkAxisMask = node.Int(6) });

    public static void ResizeBilinear(NnapiNode node) =>
        node.Result(BuiltinOperator.ResizeBilinear, [node.Tensor(0), node.Constant(node.Int(2), node.Int(1))], new ResizeBilinearOptions());

    /// <summary>Without a permutation the axes are turned round.</summary>
    public static void Transpose(NnapiNode node)
    {
        int permutation = node.Has(1) ? node.Tensor(1) : node.Constant([.. Enumerable.Range(0, node.Input(0).Shape.Length).Reverse()]);
        node.Result(BuiltinOperator.Transpose, [node.Tensor(0), permutation]);
    }

    public static void SpaceToDepth(NnapiNode node)
    {
        bool channelsFirst = node.ChannelsFirst(2);
        node.ImageResult(channelsFirst, BuiltinOperator.SpaceToDepth, [node.Image(0, channelsFirst)], new SpaceToDepthOptions { BlockSize = node.Int(1) });
    }

    public static void DepthToSpace(NnapiNode node)
    {
        bool channelsFirst = node.ChannelsFirst(2);
        node.ImageResult(channelsFirst, BuiltinOperator.DepthToSpace, [node.Image(0, channelsFirst)], new DepthToSpaceOptions { BlockSize = node.Int(1) });
    }

    public static void SpaceToBatch(NnapiNode node)
    {
        bool channelsFirst = node.ChannelsFirst(3);
        node.ImageResult(channelsFirst, BuiltinOperator.SpaceToBatchNd, [node.Image(0, channelsFirst), node.Tensor(1), node.Tensor(2)]);
    }

    public static void BatchToSpace(NnapiNode node)
    {
        bool channelsFirst = node.ChannelsFirst(2);
        int crops = node.Graph.Constant(TensorType.Int32, new int[4], 2, 2);
        node.ImageResult(channelsFirst, BuiltinOperator.BatchToSpaceNd, [node.Image(0, channelsFirst), node.Tensor(1), crops]);
    }

    /// <summary>Groups become an axis, which changes places with the rest of its own: so converters write it too.</summary>
    public static void ChannelShuffle(NnapiNode node)
    {
        SubgraphBuilder graph = node.Graph;
        int[] shape = node.Input(0).Shape;
        int axis = node.Axis(2), groups = node.Int(1);
        int[] apart = [.. shape[..axis], groups, shape[axis] / groups, .. shape[(axis + 1)..]];
        int grouped = node.Like(node.Tensor(0), apart);
        graph.Call(BuiltinOperator.Reshape, [node.Tensor(0), node.Constant(apart)], [grouped], new ReshapeOptions { NewShape = apart });
        int shuffled = node.Transposed(grouped, NnapiNode.Swap(apart.Length, axis, axis + 1)!);
        node.Result(BuiltinOperator.Reshape, [shuffled, node.Constant(shape)], new ReshapeOptions { NewShape = shape });
    }
}
