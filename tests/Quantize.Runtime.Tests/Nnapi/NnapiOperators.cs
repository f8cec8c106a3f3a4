using Quantize.Runtime.Format;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>How each operation is said in operators of TensorFlow Lite.</summary>
internal static class NnapiOperators
{
    private static readonly Dictionary<string, Action<NnapiNode>> s_rows = new()
    {
        ["ADD"] = NnapiElementwise.Add,
        ["ARGMAX"] = NnapiElementwise.ArgMax,
        ["ARGMIN"] = NnapiElementwise.ArgMin,
        ["AVERAGE_POOL_2D"] = NnapiPools.Average,
        ["BATCH_TO_SPACE_ND"] = NnapiLayouts.BatchToSpace,
        ["BIDIRECTIONAL_SEQUENCE_LSTM"] = NnapiLstms.Bidirectional,
        ["BIDIRECTIONAL_SEQUENCE_RNN"] = NnapiRecurrent.BidirectionalRnn,
        ["CHANNEL_SHUFFLE"] = NnapiLayouts.ChannelShuffle,
        ["CONCATENATION"] = NnapiLayouts.Concatenation,
        ["CONV_2D"] = NnapiConvolutions.Convolution,
        ["DEPTHWISE_CONV_2D"] = NnapiConvolutions.Depthwise,
        ["DEPTH_TO_SPACE"] = NnapiLayouts.DepthToSpace,
        ["DEQUANTIZE"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Dequantize),
        ["DETECTION_POSTPROCESSING"] = NnapiDetection.PostProcess,
        ["DIV"] = NnapiElementwise.Div,
        ["EMBEDDING_LOOKUP"] = node => NnapiElementwise.Plain(node, BuiltinOperator.EmbeddingLookup),
        ["EQUAL"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Equal),
        ["EXP"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Exp),
        ["FLOOR"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Floor),
        ["FULLY_CONNECTED"] = NnapiConvolutions.FullyConnected,
        ["GATHER"] = NnapiLayouts.Gather,
        ["GREATER"] = NnapiElementwise.Greater,
        ["HASHTABLE_LOOKUP"] = NnapiLookups.Hashtable,
        ["INSTANCE_NORMALIZATION"] = NnapiNormalizations.Instance,
        ["L2_NORMALIZATION"] = NnapiNormalizations.L2,
        ["L2_POOL_2D"] = NnapiPools.L2,
        ["LOCAL_RESPONSE_NORMALIZATION"] = NnapiNormalizations.LocalResponse,
        ["LOG"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Log),
        ["LOG_SOFTMAX"] = NnapiNormalizations.LogSoftmax,
        ["LOGICAL_NOT"] = node => NnapiElementwise.Plain(node, BuiltinOperator.LogicalNot),
        ["LOGICAL_OR"] = node => NnapiElementwise.Plain(node, BuiltinOperator.LogicalOr),
        ["LOGISTIC"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Logistic),
        ["LSH_PROJECTION"] = NnapiLookups.LshProjection,
        ["LSTM"] = NnapiLstms.OneStep,
        ["MAXIMUM"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Maximum),
        ["MAX_POOL_2D"] = NnapiPools.Max,
        ["MEAN"] = node => NnapiElementwise.Reduce(node, BuiltinOperator.Mean),
        ["MUL"] = NnapiElementwise.Mul,
        ["PAD"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Pad),
        ["PAD_V2"] = NnapiLayouts.PadV2,
        ["POW"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Pow),
        ["QUANTIZE"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Quantize),
        ["QUANTIZED_16BIT_LSTM"] = NnapiLstms.Quantized,
        ["REDUCE_ALL"] = node => NnapiElementwise.Reduce(node, BuiltinOperator.ReduceAll),
        ["REDUCE_ANY"] = node => NnapiElementwise.Reduce(node, BuiltinOperator.ReduceAny),
        ["REDUCE_MAX"] = node => NnapiElementwise.Reduce(node, BuiltinOperator.ReduceMax),
        ["REDUCE_MIN"] = node => NnapiElementwise.Reduce(node, BuiltinOperator.ReduceMin),
        ["REDUCE_PROD"] = node => NnapiElementwise.Reduce(node, BuiltinOperator.ReduceProd),
        ["RELU"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Relu),
        ["RELU1"] = node => NnapiElementwise.Plain(node, BuiltinOperator.ReluN1To1),
        ["RELU6"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Relu6),
        ["RESHAPE"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Reshape),
        ["RESIZE_BILINEAR"] = NnapiLayouts.ResizeBilinear,
        ["RNN"] = NnapiRecurrent.Rnn,
        ["SOFTMAX"] = NnapiNormalizations.Softmax,
        ["SPACE_TO_BATCH_ND"] = NnapiLayouts.SpaceToBatch,
        ["SPACE_TO_DEPTH"] = NnapiLayouts.SpaceToDepth,
        ["SPLIT"] = NnapiLayouts.Split,
        ["SQRT"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Sqrt),
        ["SQUEEZE"] = NnapiLayouts.Squeeze,
        ["STRIDED_SLICE"] = NnapiLayouts.StridedSlice,
        ["SUB"] = NnapiElementwise.Sub,
        ["SVDF"] = NnapiRecurrent.Svdf,
        ["TANH"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Tanh),
        ["TILE"] = node => NnapiElementwise.Plain(node, BuiltinOperator.Tile),
        ["TRANSPOSE"] = NnapiLayouts.Transpose,
        ["UNIDIRECTIONAL_SEQUENCE_LSTM"] = NnapiLstms.Unidirectional,
        ["UNIDIRECTIONAL_SEQUENCE_RNN"] = NnapiRecurrent.UnidirectionalRnn,
    };

    public static bool Has(string code) => s_rows.ContainsKey(code);

    public static Action<NnapiNode> Find(string code) =>
        s_rows.TryGetValue(code, out Action<NnapiNode>? row) ? row : throw new NotSupportedException($"{code} has no form in TensorFlow Lite");
}
