using Quantize.Runtime.Ops;
using Quantize.Runtime.Ops.Recurrent;

namespace Quantize.Runtime;

/// <summary>The operators of the runtime by name, for <see cref="CompileOptions.Operators"/>.</summary>
public static class OperatorKernels
{
    /// <summary>ABS</summary>
    public static OperatorKernel Abs => new(UnaryOperator.Abs);

    /// <summary>ADD</summary>
    public static OperatorKernel Add => new(BinaryOperator.Add);

    /// <summary>ADD_N</summary>
    public static OperatorKernel AddN => new(AddNOperator.Definition);

    /// <summary>ARG_MAX</summary>
    public static OperatorKernel ArgMax => new(ArgExtremeOperator.Max);

    /// <summary>ARG_MIN</summary>
    public static OperatorKernel ArgMin => new(ArgExtremeOperator.Min);

    /// <summary>ASSIGN_VARIABLE</summary>
    public static OperatorKernel AssignVariable => new(VariableOperator.Assign);

    /// <summary>ATAN2</summary>
    public static OperatorKernel Atan2 => new(BinaryOperator.Atan2);

    /// <summary>AVERAGE_POOL_2D</summary>
    public static OperatorKernel AveragePool2D => new(Pool2DOperator.Average);

    /// <summary>BATCH_MATMUL</summary>
    public static OperatorKernel BatchMatmul => new(BatchMatMulOperator.Definition);

    /// <summary>BATCH_TO_SPACE_ND</summary>
    public static OperatorKernel BatchToSpaceNd => new(SpaceBatchOperator.BatchToSpace);

    /// <summary>BIDIRECTIONAL_SEQUENCE_LSTM</summary>
    public static OperatorKernel BidirectionalSequenceLstm => new(LstmOperator.Bidirectional);

    /// <summary>BIDIRECTIONAL_SEQUENCE_RNN</summary>
    public static OperatorKernel BidirectionalSequenceRnn => new(RnnOperator.Bidirectional);

    /// <summary>BITCAST</summary>
    public static OperatorKernel Bitcast => new(BitcastOperator.Definition);

    /// <summary>BITWISE_XOR</summary>
    public static OperatorKernel BitwiseXor => new(LogicalOperator.BitwiseXor);

    /// <summary>BROADCAST_ARGS</summary>
    public static OperatorKernel BroadcastArgs => new(BroadcastArgsOperator.Definition);

    /// <summary>BROADCAST_TO</summary>
    public static OperatorKernel BroadcastTo => new(TileOperator.BroadcastTo);

    /// <summary>BUCKETIZE</summary>
    public static OperatorKernel Bucketize => new(BucketizeOperator.Definition);

    /// <summary>CALL</summary>
    public static OperatorKernel Call => new(IfOperator.Call);

    /// <summary>CALL_ONCE</summary>
    public static OperatorKernel CallOnce => new(CallOnceOperator.Definition);

    /// <summary>CAST</summary>
    public static OperatorKernel Cast => new(CastOperator.Definition);

    /// <summary>CEIL</summary>
    public static OperatorKernel Ceil => new(UnaryOperator.Ceil);

    /// <summary>COMPLEX_ABS</summary>
    public static OperatorKernel ComplexAbs => new(ComplexOperator.Abs);

    /// <summary>CONCATENATION</summary>
    public static OperatorKernel Concatenation => new(ConcatenationOperator.Concatenation);

    /// <summary>CONV_2D</summary>
    public static OperatorKernel Conv2D => new(Conv2DOperator.Definition);

    /// <summary>CONV_3D</summary>
    public static OperatorKernel Conv3D => new(Conv3DOperator.Definition);

    /// <summary>CONV_3D_TRANSPOSE</summary>
    public static OperatorKernel Conv3DTranspose => new(Conv3DTransposeOperator.Definition);

    /// <summary>COS</summary>
    public static OperatorKernel Cos => new(UnaryOperator.Cos);

    /// <summary>CUMSUM</summary>
    public static OperatorKernel Cumsum => new(SequenceOperator.Cumsum);

    /// <summary>DEPTH_TO_SPACE</summary>
    public static OperatorKernel DepthToSpace => new(SpaceDepthOperator.DepthToSpace);

    /// <summary>DEPTHWISE_CONV_2D</summary>
    public static OperatorKernel DepthwiseConv2D => new(DepthwiseConv2DOperator.Definition);

    /// <summary>DENSIFY</summary>
    public static OperatorKernel Densify => new(DensifyOperator.Definition);

    /// <summary>DEQUANTIZE</summary>
    public static OperatorKernel Dequantize => new(DequantizeOperator.Definition);

    /// <summary>DILATE</summary>
    public static OperatorKernel Dilate => new(DilateOperator.Definition);

    /// <summary>DIV</summary>
    public static OperatorKernel Div => new(BinaryOperator.Div);

    /// <summary>DYNAMIC_UPDATE_SLICE</summary>
    public static OperatorKernel DynamicUpdateSlice => new(DynamicUpdateSliceOperator.Definition);

    /// <summary>ELU</summary>
    public static OperatorKernel Elu => new(UnaryOperator.Elu);

    /// <summary>EMBEDDING_LOOKUP</summary>
    public static OperatorKernel EmbeddingLookup => new(GatherOperator.EmbeddingLookup);

    /// <summary>EMBEDDING_LOOKUP_SPARSE</summary>
    public static OperatorKernel EmbeddingLookupSparse => new(EmbeddingLookupSparseOperator.Definition);

    /// <summary>EQUAL</summary>
    public static OperatorKernel Equal => new(CompareOperator.Equal);

    /// <summary>EXP</summary>
    public static OperatorKernel Exp => new(UnaryOperator.Exp);

    /// <summary>EXPAND_DIMS</summary>
    public static OperatorKernel ExpandDims => new(ReshapeOperator.ExpandDims);

    /// <summary>FAKE_QUANT</summary>
    public static OperatorKernel FakeQuant => new(QuantizeOperator.FakeQuant);

    /// <summary>FILL</summary>
    public static OperatorKernel Fill => new(TileOperator.Fill);

    /// <summary>FLOOR</summary>
    public static OperatorKernel Floor => new(UnaryOperator.Floor);

    /// <summary>FLOOR_DIV</summary>
    public static OperatorKernel FloorDiv => new(BinaryOperator.FloorDiv);

    /// <summary>FLOOR_MOD</summary>
    public static OperatorKernel FloorMod => new(BinaryOperator.FloorMod);

    /// <summary>FULLY_CONNECTED</summary>
    public static OperatorKernel FullyConnected => new(FullyConnectedOperator.Definition);

    /// <summary>GATHER</summary>
    public static OperatorKernel Gather => new(GatherOperator.Gather);

    /// <summary>GATHER_ND</summary>
    public static OperatorKernel GatherNd => new(GatherNdOperator.GatherNd);

    /// <summary>GELU</summary>
    public static OperatorKernel Gelu => new(ActivationOperator.Gelu);

    /// <summary>GREATER</summary>
    public static OperatorKernel Greater => new(CompareOperator.Greater);

    /// <summary>GREATER_EQUAL</summary>
    public static OperatorKernel GreaterEqual => new(CompareOperator.GreaterEqual);

    /// <summary>HARD_SWISH</summary>
    public static OperatorKernel HardSwish => new(UnaryOperator.HardSwish);

    /// <summary>HASHTABLE</summary>
    public static OperatorKernel Hashtable => new(HashtableOperator.Handle);

    /// <summary>HASHTABLE_FIND</summary>
    public static OperatorKernel HashtableFind => new(HashtableOperator.Find);

    /// <summary>HASHTABLE_IMPORT</summary>
    public static OperatorKernel HashtableImport => new(HashtableOperator.Import);

    /// <summary>HASHTABLE_LOOKUP</summary>
    public static OperatorKernel HashtableLookup => new(HashtableLookupOperator.Definition);

    /// <summary>HASHTABLE_SIZE</summary>
    public static OperatorKernel HashtableSize => new(HashtableOperator.Size);

    /// <summary>IF</summary>
    public static OperatorKernel If => new(IfOperator.If);

    /// <summary>IMAG</summary>
    public static OperatorKernel Imag => new(ComplexOperator.Imag);

    /// <summary>L2_NORMALIZATION</summary>
    public static OperatorKernel L2Normalization => new(NormalizationOperator.L2);

    /// <summary>L2_POOL_2D</summary>
    public static OperatorKernel L2Pool2D => new(Pool2DOperator.L2);

    /// <summary>LEAKY_RELU</summary>
    public static OperatorKernel LeakyRelu => new(ActivationOperator.LeakyRelu);

    /// <summary>LESS</summary>
    public static OperatorKernel Less => new(CompareOperator.Less);

    /// <summary>LESS_EQUAL</summary>
    public static OperatorKernel LessEqual => new(CompareOperator.LessEqual);

    /// <summary>LOCAL_RESPONSE_NORMALIZATION</summary>
    public static OperatorKernel LocalResponseNormalization => new(NormalizationOperator.LocalResponse);

    /// <summary>LOG</summary>
    public static OperatorKernel Log => new(UnaryOperator.Log);

    /// <summary>LOG_SOFTMAX</summary>
    public static OperatorKernel LogSoftmax => new(ActivationOperator.LogSoftmax);

    /// <summary>LOGICAL_AND</summary>
    public static OperatorKernel LogicalAnd => new(LogicalOperator.And);

    /// <summary>LOGICAL_NOT</summary>
    public static OperatorKernel LogicalNot => new(LogicalOperator.Not);

    /// <summary>LOGICAL_OR</summary>
    public static OperatorKernel LogicalOr => new(LogicalOperator.Or);

    /// <summary>LOGISTIC</summary>
    public static OperatorKernel Logistic => new(UnaryOperator.Logistic);

    /// <summary>LSH_PROJECTION</summary>
    public static OperatorKernel LshProjection => new(LshProjectionOperator.Definition);

    /// <summary>MATRIX_DIAG</summary>
    public static OperatorKernel MatrixDiag => new(MatrixOperator.Diag);

    /// <summary>MATRIX_SET_DIAG</summary>
    public static OperatorKernel MatrixSetDiag => new(MatrixOperator.SetDiag);

    /// <summary>LSTM</summary>
    public static OperatorKernel Lstm => new(LstmOperator.OneStep);

    /// <summary>MAX_POOL_2D</summary>
    public static OperatorKernel MaxPool2D => new(Pool2DOperator.Max);

    /// <summary>MAXIMUM</summary>
    public static OperatorKernel Maximum => new(BinaryOperator.Maximum);

    /// <summary>MEAN</summary>
    public static OperatorKernel Mean => new(ReduceOperator.Mean);

    /// <summary>MINIMUM</summary>
    public static OperatorKernel Minimum => new(BinaryOperator.Minimum);

    /// <summary>MIRROR_PAD</summary>
    public static OperatorKernel MirrorPad => new(PadOperator.MirrorPad);

    /// <summary>MUL</summary>
    public static OperatorKernel Mul => new(BinaryOperator.Mul);

    /// <summary>MULTINOMIAL</summary>
    public static OperatorKernel Multinomial => new(RandomOperator.Multinomial);

    /// <summary>NEG</summary>
    public static OperatorKernel Neg => new(UnaryOperator.Neg);

    /// <summary>NON_MAX_SUPPRESSION_V4</summary>
    public static OperatorKernel NonMaxSuppressionV4 => new(NonMaxSuppressionOperator.V4);

    /// <summary>NON_MAX_SUPPRESSION_V5</summary>
    public static OperatorKernel NonMaxSuppressionV5 => new(NonMaxSuppressionOperator.V5);

    /// <summary>NOT_EQUAL</summary>
    public static OperatorKernel NotEqual => new(CompareOperator.NotEqual);

    /// <summary>ONE_HOT</summary>
    public static OperatorKernel OneHot => new(OneHotOperator.Definition);

    /// <summary>PACK</summary>
    public static OperatorKernel Pack => new(ConcatenationOperator.Pack);

    /// <summary>PAD</summary>
    public static OperatorKernel Pad => new(PadOperator.Pad);

    /// <summary>PADV2</summary>
    public static OperatorKernel Padv2 => new(PadOperator.PadV2);

    /// <summary>POW</summary>
    public static OperatorKernel Pow => new(BinaryOperator.Pow);

    /// <summary>PRELU</summary>
    public static OperatorKernel Prelu => new(BinaryOperator.Prelu);

    /// <summary>QUANTIZE</summary>
    public static OperatorKernel Quantize => new(QuantizeOperator.Quantize);

    /// <summary>RANDOM_STANDARD_NORMAL</summary>
    public static OperatorKernel RandomStandardNormal => new(RandomOperator.StandardNormal);

    /// <summary>RANDOM_UNIFORM</summary>
    public static OperatorKernel RandomUniform => new(RandomOperator.Uniform);

    /// <summary>RANGE</summary>
    public static OperatorKernel Range => new(SequenceOperator.Range);

    /// <summary>RANK</summary>
    public static OperatorKernel Rank => new(ShapeOperator.Rank);

    /// <summary>READ_VARIABLE</summary>
    public static OperatorKernel ReadVariable => new(VariableOperator.Read);

    /// <summary>REAL</summary>
    public static OperatorKernel Real => new(ComplexOperator.Real);

    /// <summary>REDUCE_ALL</summary>
    public static OperatorKernel ReduceAll => new(ReduceOperator.All);

    /// <summary>REDUCE_ANY</summary>
    public static OperatorKernel ReduceAny => new(ReduceOperator.Any);

    /// <summary>REDUCE_MAX</summary>
    public static OperatorKernel ReduceMax => new(ReduceOperator.Max);

    /// <summary>REDUCE_MIN</summary>
    public static OperatorKernel ReduceMin => new(ReduceOperator.Min);

    /// <summary>REDUCE_PROD</summary>
    public static OperatorKernel ReduceProd => new(ReduceOperator.Prod);

    /// <summary>REDUCE_WINDOW</summary>
    public static OperatorKernel ReduceWindow => new(ReduceWindowOperator.Definition);

    /// <summary>RELU</summary>
    public static OperatorKernel Relu => new(UnaryOperator.Relu);

    /// <summary>RELU_0_TO_1</summary>
    public static OperatorKernel Relu0To1 => new(UnaryOperator.Relu0To1);

    /// <summary>RELU6</summary>
    public static OperatorKernel Relu6 => new(UnaryOperator.Relu6);

    /// <summary>RELU_N1_TO_1</summary>
    public static OperatorKernel ReluN1To1 => new(UnaryOperator.ReluN1To1);

    /// <summary>RESHAPE</summary>
    public static OperatorKernel Reshape => new(ReshapeOperator.Reshape);

    /// <summary>RESIZE_BILINEAR</summary>
    public static OperatorKernel ResizeBilinear => new(ResizeOperator.Bilinear);

    /// <summary>RESIZE_NEAREST_NEIGHBOR</summary>
    public static OperatorKernel ResizeNearestNeighbor => new(ResizeOperator.NearestNeighbor);

    /// <summary>REVERSE_SEQUENCE</summary>
    public static OperatorKernel ReverseSequence => new(ReverseOperator.ReverseSequence);

    /// <summary>REVERSE_V2</summary>
    public static OperatorKernel ReverseV2 => new(ReverseOperator.ReverseV2);

    /// <summary>RFFT2D</summary>
    public static OperatorKernel Rfft2D => new(Rfft2DOperator.Definition);

    /// <summary>RIGHT_SHIFT</summary>
    public static OperatorKernel RightShift => new(LogicalOperator.RightShift);

    /// <summary>RNN</summary>
    public static OperatorKernel Rnn => new(RnnOperator.OneStep);

    /// <summary>ROUND</summary>
    public static OperatorKernel Round => new(UnaryOperator.Round);

    /// <summary>RSQRT</summary>
    public static OperatorKernel Rsqrt => new(UnaryOperator.Rsqrt);

    /// <summary>SCATTER_ND</summary>
    public static OperatorKernel ScatterNd => new(GatherNdOperator.ScatterNd);

    /// <summary>SEGMENT_SUM</summary>
    public static OperatorKernel SegmentSum => new(SegmentOperator.SegmentSum);

    /// <summary>SELECT</summary>
    public static OperatorKernel Select => new(SelectOperator.Select);

    /// <summary>SELECT_V2</summary>
    public static OperatorKernel SelectV2 => new(SelectOperator.SelectV2);

    /// <summary>SHAPE</summary>
    public static OperatorKernel Shape => new(ShapeOperator.Definition);

    /// <summary>SIGN</summary>
    public static OperatorKernel Sign => new(UnaryOperator.Sign);

    /// <summary>SIN</summary>
    public static OperatorKernel Sin => new(UnaryOperator.Sin);

    /// <summary>SLICE</summary>
    public static OperatorKernel Slice => new(SliceOperator.Definition);

    /// <summary>SOFTMAX</summary>
    public static OperatorKernel Softmax => new(SoftmaxOperator.Definition);

    /// <summary>SPACE_TO_BATCH_ND</summary>
    public static OperatorKernel SpaceToBatchNd => new(SpaceBatchOperator.SpaceToBatch);

    /// <summary>SPACE_TO_DEPTH</summary>
    public static OperatorKernel SpaceToDepth => new(SpaceDepthOperator.SpaceToDepth);

    /// <summary>SPARSE_TO_DENSE</summary>
    public static OperatorKernel SparseToDense => new(SparseToDenseOperator.Definition);

    /// <summary>SPLIT</summary>
    public static OperatorKernel Split => new(SplitOperator.Split);

    /// <summary>SPLIT_V</summary>
    public static OperatorKernel SplitV => new(SplitOperator.SplitV);

    /// <summary>SQRT</summary>
    public static OperatorKernel Sqrt => new(UnaryOperator.Sqrt);

    /// <summary>SQUARE</summary>
    public static OperatorKernel Square => new(UnaryOperator.Square);

    /// <summary>SQUARED_DIFFERENCE</summary>
    public static OperatorKernel SquaredDifference => new(BinaryOperator.SquaredDifference);

    /// <summary>SQUEEZE</summary>
    public static OperatorKernel Squeeze => new(ReshapeOperator.Squeeze);

    /// <summary>STABLEHLO_COMPOSITE</summary>
    public static OperatorKernel StablehloComposite => new(IfOperator.Composite);

    /// <summary>STRIDED_SLICE</summary>
    public static OperatorKernel StridedSlice => new(StridedSliceOperator.Definition);

    /// <summary>SUB</summary>
    public static OperatorKernel Sub => new(BinaryOperator.Sub);

    /// <summary>SUM</summary>
    public static OperatorKernel Sum => new(ReduceOperator.Sum);

    /// <summary>SVDF</summary>
    public static OperatorKernel Svdf => new(SvdfOperator.Definition);

    /// <summary>TANH</summary>
    public static OperatorKernel Tanh => new(UnaryOperator.Tanh);

    /// <summary>TILE</summary>
    public static OperatorKernel Tile => new(TileOperator.Tile);

    /// <summary>TOPK_V2</summary>
    public static OperatorKernel TopkV2 => new(TopKOperator.Definition);

    /// <summary>TRANSPOSE</summary>
    public static OperatorKernel Transpose => new(TransposeOperator.Definition);

    /// <summary>TRANSPOSE_CONV</summary>
    public static OperatorKernel TransposeConv => new(TransposeConvOperator.Definition);

    /// <summary>UNIDIRECTIONAL_SEQUENCE_LSTM</summary>
    public static OperatorKernel UnidirectionalSequenceLstm => new(LstmOperator.Unidirectional);

    /// <summary>UNIDIRECTIONAL_SEQUENCE_RNN</summary>
    public static OperatorKernel UnidirectionalSequenceRnn => new(RnnOperator.Unidirectional);

    /// <summary>UNIQUE</summary>
    public static OperatorKernel Unique => new(UniqueOperator.Definition);

    /// <summary>UNPACK</summary>
    public static OperatorKernel Unpack => new(SplitOperator.Unpack);

    /// <summary>UNSORTED_SEGMENT_MAX</summary>
    public static OperatorKernel UnsortedSegmentMax => new(SegmentOperator.UnsortedMax);

    /// <summary>UNSORTED_SEGMENT_MIN</summary>
    public static OperatorKernel UnsortedSegmentMin => new(SegmentOperator.UnsortedMin);

    /// <summary>UNSORTED_SEGMENT_PROD</summary>
    public static OperatorKernel UnsortedSegmentProd => new(SegmentOperator.UnsortedProd);

    /// <summary>UNSORTED_SEGMENT_SUM</summary>
    public static OperatorKernel UnsortedSegmentSum => new(SegmentOperator.UnsortedSum);

    /// <summary>VAR_HANDLE</summary>
    public static OperatorKernel VarHandle => new(VariableOperator.Handle);

    /// <summary>WHERE</summary>
    public static OperatorKernel Where => new(WhereOperator.Definition);

    /// <summary>WHILE</summary>
    public static OperatorKernel While => new(WhileOperator.Definition);

    /// <summary>ZEROS_LIKE</summary>
    public static OperatorKernel ZerosLike => new(ZerosLikeOperator.Definition);
}
