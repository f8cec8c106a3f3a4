using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Emission;

/// <summary>The version of each operator that Google's converter writes: which forms of it a reader must know.</summary>
internal static class OperatorVersions
{
    private static readonly Dictionary<BuiltinOperator, Func<Node, int>> s_rules = new()
    {
        [BuiltinOperator.Abs] = node => node.Output.Type == TensorType.Int32 ? 5 : 1,
        [BuiltinOperator.Add] = node => IsInt64(node) ? 4 : IsInt8(node) ? 2 : 1,
        [BuiltinOperator.BatchMatmul] = node => node.Input(1)!.Type == TensorType.Int8 ? 4 : 1,
        [BuiltinOperator.BatchToSpaceNd] = node => node.Output.Shape is { HasRank: true, Rank: 3 } ? 3 : 1,
        [BuiltinOperator.BidirectionalSequenceLstm] = node => Hybrid(node, node.Options is BidirectionalSequenceLstmOptions { AsymmetricQuantizeInputs: true }),
        [BuiltinOperator.BidirectionalSequenceRnn] = node => Hybrid(node, node.Options is BidirectionalSequenceRnnOptions { AsymmetricQuantizeInputs: true }),
        [BuiltinOperator.BroadcastTo] = _ => 2,
        [BuiltinOperator.Cast] = node => IsHalfOrDouble(node.Output) || IsHalfOrDouble(node.Input(0)!) ? 5 : 1,
        [BuiltinOperator.Conv2D] = Conv2D,
        [BuiltinOperator.DepthwiseConv2D] = DepthwiseConv2D,
        [BuiltinOperator.Dequantize] = node => node.Input(0)!.Type switch { TensorType.Float16 => 3, TensorType.Int8 => 2, _ => 1 },
        [BuiltinOperator.Div] = node => HasRankAbove4(node) ? 2 : 1,
        [BuiltinOperator.EmbeddingLookup] = node => node.Input(1)!.Type == TensorType.Int8 ? 4 : 1,
        [BuiltinOperator.FakeQuant] = node => node.Options is FakeQuantOptions { NarrowRange: true } ? 2 : 1,
        [BuiltinOperator.FloorDiv] = node => node.Output.Type == TensorType.Float32 ? 2 : 1,
        [BuiltinOperator.FullyConnected] = FullyConnected,
        [BuiltinOperator.Gather] = Gather,
        [BuiltinOperator.Lstm] = Lstm,
        [BuiltinOperator.Maximum] = node => HasRankAbove4(node) && Broadcasts(node) ? 3 : 1,
        [BuiltinOperator.Minimum] = node => HasRankAbove4(node) && Broadcasts(node) ? 3 : 1,
        [BuiltinOperator.MaxPool2D] = node => IsInt8(node) ? 2 : 1,
        [BuiltinOperator.Mean] = node => IsInt8(node) ? 2 : 1,
        [BuiltinOperator.Mul] = node => IsInt64(node) ? 5 : IsInt8(node) ? 2 : 1,
        [BuiltinOperator.Pad] = node => HasRankAbove4(node) ? 4 : 1,
        [BuiltinOperator.Padv2] = node => HasRankAbove4(node) ? 4 : 1,
        [BuiltinOperator.Range] = node => IsInt64(node) ? 2 : 1,
        [BuiltinOperator.ResizeBilinear] = node => node.Options is ResizeBilinearOptions { HalfPixelCenters: true } ? 3 : 1,
        [BuiltinOperator.ResizeNearestNeighbor] = node => node.Options is ResizeNearestNeighborOptions { HalfPixelCenters: false, AlignCorners: false } ? 1 : 3,
        [BuiltinOperator.ReverseV2] = node => node.Output.Type == TensorType.Bool ? 2 : 1,
        [BuiltinOperator.Rnn] = node => Hybrid(node, node.Options is RnnOptions { AsymmetricQuantizeInputs: true }),
        [BuiltinOperator.Slice] = node => HasRankAbove4(node) ? 5 : IsInt8(node) ? 2 : 1,
        [BuiltinOperator.SpaceToBatchNd] = node => node.Output.Shape is { HasRank: true, Rank: 3 } ? 3 : 1,
        [BuiltinOperator.Split] = node => node.Output.Type == TensorType.Int32 ? 3 : 1,
        [BuiltinOperator.StridedSlice] = StridedSlice,
        [BuiltinOperator.Sub] = node => IsInt64(node) ? 4 : HasRankAbove4(node) ? 3 : 1,
        [BuiltinOperator.Svdf] = node => Hybrid(node, node.Options is SvdfOptions { AsymmetricQuantizeInputs: true }, symmetric: 2, asymmetric: 4),
        [BuiltinOperator.Transpose] = node => !HasRankAbove4(node) ? IsInt8(node) ? 2 : 1 : node.Output.Shape.Rank == 5 ? 4 : 6,
        [BuiltinOperator.TransposeConv] = TransposeConv,
        [BuiltinOperator.UnidirectionalSequenceLstm] = node => Hybrid(node, node.Options is UnidirectionalSequenceLstmOptions { AsymmetricQuantizeInputs: true }),
        [BuiltinOperator.UnidirectionalSequenceRnn] = node => Hybrid(node, node.Options is SequenceRnnOptions { AsymmetricQuantizeInputs: true }),
        [BuiltinOperator.Unpack] = node => node.Output.Type == TensorType.Bool ? 3 : 1,
    };

    public static int Of(Node node) => s_rules.TryGetValue(node.Code, out Func<Node, int>? rule) ? rule(node) : 1;

    private static int Conv2D(Node node)
    {
        Value filter = node.Input(1)!;
        bool isGrouped = node.Input(0)!.Shape is { HasRank: true } input && input[3].IsKnown && input[3] != filter.Shape[3];
        return isGrouped ? 6 : IsInt8(node) ? 3 : filter.Type != TensorType.Int8 ? 1 : IsPerChannel(filter) ? 5 : 2;
    }

    private static int DepthwiseConv2D(Node node)
    {
        Value filter = node.Input(1)!;
        if (filter.Type == TensorType.Int8)
            return IsInt8(node) ? 3 : IsPerChannel(filter) ? 6 : 4;
        return node.Options is DepthwiseConv2DOptions { DilationH: 1, DilationW: 1 } ? 1 : 2;
    }

    private static int FullyConnected(Node node)
    {
        Value weights = node.Input(1)!;
        if (weights.Type == TensorType.Int8)
            return IsPerChannel(weights) ? 12 : !IsInt8(node) ? 9 : node.Options is FullyConnectedOptions { KeepNumDims: true } ? 5 : 4;
        return node.Options is FullyConnectedOptions { KeepNumDims: true } ? 5 : 1;
    }

    private static int Gather(Node node) => node.Options is GatherOptions { BatchDims: not 0 } ? 5 : node.Input(0)!.Type switch
    {
        TensorType.Bool => 3,
        TensorType.Int8 => 2,
        _ => 1,
    };

    /// <summary>Recurrent operators: 1 with float weights. An LSTM may lack the matrix of its input gate, but never that of its forget gate.</summary>
    private static int Hybrid(Node node, bool isAsymmetric, int symmetric = 2, int asymmetric = 3) =>
        (node.Input(1) ?? node.Input(2))!.Type != TensorType.Int8 ? 1 : isAsymmetric ? asymmetric : symmetric;

    private static int Lstm(Node node) => node.Options is LstmOptions { KernelType: LstmKernelType.Basic }
        ? 2
        : Hybrid(node, node.Options is LstmOptions { AsymmetricQuantizeInputs: true }, symmetric: 3, asymmetric: 4);

    private static int StridedSlice(Node node)
    {
        if (node.Options is not StridedSliceOptions { EllipsisMask: 0, NewAxisMask: 0 })
            return 6;
        return node.Input(0)!.Shape is { HasRank: true, Rank: > 4 } ? 4 : node.Output.Type == TensorType.Bool ? 3 : IsInt8(node) ? 2 : 1;
    }

    private static int TransposeConv(Node node)
    {
        if (node.Options is TransposeConvOptions { Activation: not ActivationFunction.None })
            return 4;
        return node.Input(3) is not null ? 3 : node.Input(1)!.Type == TensorType.Int8 ? 2 : 1;
    }

    private static bool IsPerChannel(Value weights) => weights.Quantization is { PerChannel: true };

    /// <summary>Codes go in and come out.</summary>
    private static bool IsInt8(Node node) => node.Output.Type == TensorType.Int8;

    private static bool IsInt64(Node node) => node.Output.Type == TensorType.Int64;

    private static bool IsHalfOrDouble(Value value) => value.Type is TensorType.Float16 or TensorType.Float64;

    private static bool HasRankAbove4(Node node) => node.Output.Shape is { HasRank: true, Rank: > 4 };

    private static bool Broadcasts(Node node) => !node.Input(0)!.Shape.Equals(node.Input(1)!.Shape);
}
