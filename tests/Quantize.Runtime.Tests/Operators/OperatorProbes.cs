using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>For each operator the smallest model that runs it: what the page of operators is made with.</summary>
internal static class OperatorProbes
{
    private static readonly int[] s_vector = [4];
    private static readonly int[] s_matrix = [2, 4];
    private static readonly int[] s_image = [1, 4, 4, 2];
    private static readonly FixedScale s_probability = new(1, IsSigned: false);
    private static readonly FixedScale s_unit = new(2, IsSigned: true);
    private static readonly FixedScale s_logarithm = new(16, IsSigned: false, EndsAtZero: true);

    public static IReadOnlyDictionary<BuiltinOperator, Action<ProbeGraph>> All { get; } = new Dictionary<BuiltinOperator, Action<ProbeGraph>>
    {
        [BuiltinOperator.Abs] = Unary(BuiltinOperator.Abs),
        [BuiltinOperator.Add] = Binary(BuiltinOperator.Add),
        [BuiltinOperator.AddN] = Binary(BuiltinOperator.AddN),
        [BuiltinOperator.ArgMax] = probe =>
            probe.CallOther(BuiltinOperator.ArgMax, [probe.Data(s_matrix), probe.Numbers(1)], TensorType.Int32, [2], new ArgMaxOptions { OutputType = TensorType.Int32 }),
        [BuiltinOperator.ArgMin] = probe =>
            probe.CallOther(BuiltinOperator.ArgMin, [probe.Data(s_matrix), probe.Numbers(1)], TensorType.Int32, [2], new ArgMinOptions { OutputType = TensorType.Int32 }),
        [BuiltinOperator.AssignVariable] = StateProbes.Variable,
        [BuiltinOperator.Atan2] = Binary(BuiltinOperator.Atan2),
        [BuiltinOperator.AveragePool2D] = Pool(BuiltinOperator.AveragePool2D),
        [BuiltinOperator.BatchMatmul] = probe => probe.Call(BuiltinOperator.BatchMatmul, [probe.Data(2, 4), probe.Weights(4, 3)], [2, 3]),
        [BuiltinOperator.BatchToSpaceNd] = probe =>
            probe.Call(BuiltinOperator.BatchToSpaceNd, [probe.Data(4, 1, 1, 2), probe.Numbers(2, 2), Pairs(probe, 0, 0, 0, 0)], [1, 2, 2, 2]),
        [BuiltinOperator.BidirectionalSequenceLstm] = RecurrentProbes.BidirectionalLstm,
        [BuiltinOperator.BidirectionalSequenceRnn] = RecurrentProbes.BidirectionalRnn,
        [BuiltinOperator.Bitcast] = Unary(BuiltinOperator.Bitcast),
        [BuiltinOperator.BitwiseXor] = Binary(BuiltinOperator.BitwiseXor),
        [BuiltinOperator.BroadcastArgs] = Binary(BuiltinOperator.BroadcastArgs),
        [BuiltinOperator.BroadcastTo] = probe => probe.Call(BuiltinOperator.BroadcastTo, [probe.Data(1, 4), probe.Numbers(2, 4)], s_matrix),
        [BuiltinOperator.Bucketize] = probe =>
            probe.CallOther(BuiltinOperator.Bucketize, [probe.Data(s_vector)], TensorType.Int32, s_vector, new BucketizeOptions { Boundaries = [0, 2] }),
        [BuiltinOperator.Call] = ControlProbes.Call,
        [BuiltinOperator.CallOnce] = ControlProbes.CallOnce,
        [BuiltinOperator.Cast] = probe =>
            probe.CallOther(BuiltinOperator.Cast, [probe.Data(s_vector)], TensorType.Float32, s_vector, new CastOptions { InDataType = probe.Form.Data }),
        [BuiltinOperator.Ceil] = Unary(BuiltinOperator.Ceil),
        [BuiltinOperator.ComplexAbs] = Complex(BuiltinOperator.ComplexAbs),
        [BuiltinOperator.Concatenation] = probe => probe.Call(BuiltinOperator.Concatenation, [probe.Data(s_vector), probe.Data(s_vector)], [8]),
        [BuiltinOperator.Conv2D] = probe => probe.Call(
            BuiltinOperator.Conv2D, [probe.Data(s_image), probe.Weights(3, 2, 2, 2), probe.Bias(3)], [1, 4, 4, 3], new Conv2DOptions { StrideW = 1, StrideH = 1 }),
        [BuiltinOperator.Conv3D] = probe => probe.Call(
            BuiltinOperator.Conv3D, [probe.Data(1, 2, 2, 2, 2), probe.Weights(1, 1, 1, 2, 3), probe.Bias(3)], [1, 2, 2, 2, 3],
            new Conv3DOptions { StrideD = 1, StrideW = 1, StrideH = 1 }),
        [BuiltinOperator.Conv3DTranspose] = probe => probe.Call(
            BuiltinOperator.Conv3DTranspose, [probe.Numbers(1, 2, 2, 2, 3), probe.Weights(1, 1, 1, 3, 2), probe.Data(1, 2, 2, 2, 2)], [1, 2, 2, 2, 3],
            new Conv3DOptions { StrideD = 1, StrideW = 1, StrideH = 1 }),
        [BuiltinOperator.Cos] = Unary(BuiltinOperator.Cos),
        [BuiltinOperator.Cumsum] = probe => probe.Call(BuiltinOperator.Cumsum, [probe.Data(s_matrix), probe.Main.Scalar(1)], s_matrix),
        [BuiltinOperator.Densify] = probe => probe.Call(BuiltinOperator.Densify, [probe.Weights(s_vector)], s_vector),
        [BuiltinOperator.DepthToSpace] = probe => probe.Call(BuiltinOperator.DepthToSpace, [probe.Data(1, 1, 1, 8)], [1, 2, 2, 2], new DepthToSpaceOptions { BlockSize = 2 }),
        [BuiltinOperator.DepthwiseConv2D] = probe => probe.Call(
            BuiltinOperator.DepthwiseConv2D, [probe.Data(s_image), probe.Weights(1, 2, 2, 2), probe.Bias(2)], s_image,
            new DepthwiseConv2DOptions { StrideW = 1, StrideH = 1, DepthMultiplier = 1 }),
        [BuiltinOperator.Dequantize] = probe => probe.CallOther(BuiltinOperator.Dequantize, [probe.Data(s_vector)], TensorType.Float32, s_vector),
        [BuiltinOperator.Dilate] = probe => probe.Call(BuiltinOperator.Dilate, [probe.Data(s_vector), probe.Numbers(2), probe.Value()], [7]),
        [BuiltinOperator.Div] = Binary(BuiltinOperator.Div),
        [BuiltinOperator.DynamicUpdateSlice] = probe => probe.Call(BuiltinOperator.DynamicUpdateSlice, [probe.Data(s_matrix), probe.Data(1, 2), probe.Numbers(0, 0)], s_matrix),
        [BuiltinOperator.Elu] = Unary(BuiltinOperator.Elu),
        [BuiltinOperator.EmbeddingLookup] = probe => probe.Call(BuiltinOperator.EmbeddingLookup, [probe.Other(TensorType.Int32, 2), probe.Weights(2, 4)], s_matrix),
        [BuiltinOperator.EmbeddingLookupSparse] = probe => probe.Call(
            BuiltinOperator.EmbeddingLookupSparse,
            [probe.Other(TensorType.Int32, 1), Pairs(probe, 0, 0), probe.Numbers(2, 1), probe.Other(TensorType.Float32, 1), probe.Weights(2, 4)], s_matrix),
        [BuiltinOperator.Equal] = Comparison(BuiltinOperator.Equal),
        [BuiltinOperator.Exp] = Unary(BuiltinOperator.Exp),
        [BuiltinOperator.ExpandDims] = probe => probe.Call(BuiltinOperator.ExpandDims, [probe.Data(s_vector), probe.Numbers(0)], [1, 4]),
        [BuiltinOperator.FakeQuant] = probe => probe.Call(BuiltinOperator.FakeQuant, [probe.Data(s_vector)], s_vector, new FakeQuantOptions { Min = -1, Max = 1, NumBits = 8 }),
        [BuiltinOperator.Fill] = probe => probe.Call(BuiltinOperator.Fill, [probe.Numbers(4), probe.Data()], s_vector),
        [BuiltinOperator.Floor] = Unary(BuiltinOperator.Floor),
        [BuiltinOperator.FloorDiv] = Binary(BuiltinOperator.FloorDiv),
        [BuiltinOperator.FloorMod] = Binary(BuiltinOperator.FloorMod),
        [BuiltinOperator.FullyConnected] = probe => probe.Call(BuiltinOperator.FullyConnected, [probe.Data(s_matrix), probe.Weights(4, 4), probe.Bias(4)], s_matrix),
        [BuiltinOperator.Gather] = probe => probe.Call(BuiltinOperator.Gather, [probe.Data(s_vector), probe.Numbers(1, 0)], [2]),
        [BuiltinOperator.GatherNd] = probe => probe.Call(BuiltinOperator.GatherNd, [probe.Data(s_vector), probe.Main.Constant(TensorType.Int32, [1, 0], 2, 1)], [2]),
        [BuiltinOperator.Gelu] = Unary(BuiltinOperator.Gelu),
        [BuiltinOperator.Greater] = Comparison(BuiltinOperator.Greater),
        [BuiltinOperator.GreaterEqual] = Comparison(BuiltinOperator.GreaterEqual),
        [BuiltinOperator.HardSwish] = Unary(BuiltinOperator.HardSwish),
        [BuiltinOperator.Hashtable] = StateProbes.Table,
        [BuiltinOperator.HashtableFind] = StateProbes.Table,
        [BuiltinOperator.HashtableImport] = StateProbes.Table,
        [BuiltinOperator.HashtableLookup] = StateProbes.Lookup,
        [BuiltinOperator.HashtableSize] = StateProbes.Table,
        [BuiltinOperator.If] = ControlProbes.If,
        [BuiltinOperator.Imag] = Complex(BuiltinOperator.Imag),
        [BuiltinOperator.L2Normalization] = probe => probe.CallFixed(BuiltinOperator.L2Normalization, [probe.Data(s_matrix)], s_matrix, s_unit),
        [BuiltinOperator.L2Pool2D] = Pool(BuiltinOperator.L2Pool2D),
        [BuiltinOperator.LeakyRelu] = probe => probe.Call(BuiltinOperator.LeakyRelu, [probe.Data(s_vector)], s_vector, new LeakyReluOptions { Alpha = 0.1f }),
        [BuiltinOperator.Less] = Comparison(BuiltinOperator.Less),
        [BuiltinOperator.LessEqual] = Comparison(BuiltinOperator.LessEqual),
        [BuiltinOperator.LocalResponseNormalization] = probe => probe.Call(
            BuiltinOperator.LocalResponseNormalization, [probe.Data(s_image)], s_image, new LocalResponseNormalizationOptions { Radius = 1, Bias = 1, Alpha = 1, Beta = 0.5f }),
        [BuiltinOperator.Log] = Unary(BuiltinOperator.Log),
        [BuiltinOperator.LogicalAnd] = Binary(BuiltinOperator.LogicalAnd),
        [BuiltinOperator.LogicalNot] = Unary(BuiltinOperator.LogicalNot),
        [BuiltinOperator.LogicalOr] = Binary(BuiltinOperator.LogicalOr),
        [BuiltinOperator.Logistic] = probe => probe.CallFixed(BuiltinOperator.Logistic, [probe.Data(s_vector)], s_vector, s_probability),
        [BuiltinOperator.LogSoftmax] = probe => probe.CallFixed(BuiltinOperator.LogSoftmax, [probe.Data(s_matrix)], s_matrix, s_logarithm),
        [BuiltinOperator.LshProjection] = probe => probe.CallOther(
            BuiltinOperator.LshProjection, [probe.Main.Constant(TensorType.Float32, [1f, 2], 1, 2), probe.Data(s_vector)], TensorType.Int32, [2],
            new LshProjectionOptions { Kind = LshProjectionKind.Dense }),
        [BuiltinOperator.Lstm] = RecurrentProbes.Lstm,
        [BuiltinOperator.MatrixDiag] = probe => probe.Call(BuiltinOperator.MatrixDiag, [probe.Data(2)], [2, 2]),
        [BuiltinOperator.MatrixSetDiag] = probe => probe.Call(BuiltinOperator.MatrixSetDiag, [probe.Data(2, 2), probe.Data(2)], [2, 2]),
        [BuiltinOperator.MaxPool2D] = Pool(BuiltinOperator.MaxPool2D),
        [BuiltinOperator.Maximum] = Binary(BuiltinOperator.Maximum),
        [BuiltinOperator.Mean] = Reduction(BuiltinOperator.Mean),
        [BuiltinOperator.Minimum] = Binary(BuiltinOperator.Minimum),
        [BuiltinOperator.MirrorPad] = probe => probe.Call(BuiltinOperator.MirrorPad, [probe.Data(s_vector), Pairs(probe, 1, 1)], [6]),
        [BuiltinOperator.Mul] = Binary(BuiltinOperator.Mul),
        [BuiltinOperator.Multinomial] = probe => probe.CallOther(BuiltinOperator.Multinomial, [probe.Data(s_matrix), probe.Main.Scalar(3)], TensorType.Int64, [2, 3]),
        [BuiltinOperator.Neg] = Unary(BuiltinOperator.Neg),
        [BuiltinOperator.NonMaxSuppressionV4] = probe => Suppression(probe, BuiltinOperator.NonMaxSuppressionV4),
        [BuiltinOperator.NonMaxSuppressionV5] = probe => Suppression(probe, BuiltinOperator.NonMaxSuppressionV5),
        [BuiltinOperator.NotEqual] = Comparison(BuiltinOperator.NotEqual),
        [BuiltinOperator.OneHot] = probe =>
            probe.Call(BuiltinOperator.OneHot, [probe.Other(TensorType.Int32, 2), probe.Main.Scalar(4), probe.Data(), probe.Data()], s_matrix, new OneHotOptions { Axis = -1 }),
        [BuiltinOperator.Pack] = probe => probe.Call(BuiltinOperator.Pack, [probe.Data(s_vector), probe.Data(s_vector)], s_matrix, new PackOptions { ValuesCount = 2 }),
        [BuiltinOperator.Pad] = probe => probe.Call(BuiltinOperator.Pad, [probe.Data(s_vector), Pairs(probe, 1, 1)], [6]),
        [BuiltinOperator.Padv2] = probe => probe.Call(BuiltinOperator.Padv2, [probe.Data(s_vector), Pairs(probe, 1, 1), probe.Value()], [6]),
        [BuiltinOperator.Pow] = Binary(BuiltinOperator.Pow),
        [BuiltinOperator.Prelu] = Binary(BuiltinOperator.Prelu),
        [BuiltinOperator.Quantize] = probe => Quantized(probe, BuiltinOperator.Quantize),
        [BuiltinOperator.RandomStandardNormal] = probe => probe.Call(BuiltinOperator.RandomStandardNormal, [probe.Numbers(4)], s_vector),
        [BuiltinOperator.RandomUniform] = probe => probe.Call(BuiltinOperator.RandomUniform, [probe.Numbers(4)], s_vector),
        [BuiltinOperator.Range] = probe => probe.Call(BuiltinOperator.Range, [probe.Data(), probe.Data(), probe.Value()], [-1]),
        [BuiltinOperator.Rank] = probe => probe.CallOther(BuiltinOperator.Rank, [probe.Data(s_matrix)], TensorType.Int32, []),
        [BuiltinOperator.ReadVariable] = StateProbes.Variable,
        [BuiltinOperator.Real] = Complex(BuiltinOperator.Real),
        [BuiltinOperator.ReduceAll] = Reduction(BuiltinOperator.ReduceAll),
        [BuiltinOperator.ReduceAny] = Reduction(BuiltinOperator.ReduceAny),
        [BuiltinOperator.ReduceMax] = Reduction(BuiltinOperator.ReduceMax),
        [BuiltinOperator.ReduceMin] = Reduction(BuiltinOperator.ReduceMin),
        [BuiltinOperator.ReduceProd] = Reduction(BuiltinOperator.ReduceProd),
        [BuiltinOperator.ReduceWindow] = probe => probe.Call(
            BuiltinOperator.ReduceWindow, [probe.Data(s_vector), probe.Value(), Longs(probe, 2), Longs(probe, 1), Longs(probe, 1)], [3],
            new ReduceWindowOptions { ReduceFunction = (int)(probe.Form.Data == TensorType.Bool ? ReduceWindowFunction.All : ReduceWindowFunction.Maximum) }),
        [BuiltinOperator.Relu] = Unary(BuiltinOperator.Relu),
        [BuiltinOperator.Relu0To1] = Unary(BuiltinOperator.Relu0To1),
        [BuiltinOperator.Relu6] = Unary(BuiltinOperator.Relu6),
        [BuiltinOperator.ReluN1To1] = Unary(BuiltinOperator.ReluN1To1),
        [BuiltinOperator.Reshape] = probe => probe.Call(BuiltinOperator.Reshape, [probe.Data(s_vector), probe.Numbers(2, 2)], [2, 2]),
        [BuiltinOperator.ResizeBilinear] = probe => probe.Call(BuiltinOperator.ResizeBilinear, [probe.Data(s_image), probe.Numbers(2, 2)], [1, 2, 2, 2]),
        [BuiltinOperator.ResizeNearestNeighbor] = probe => probe.Call(BuiltinOperator.ResizeNearestNeighbor, [probe.Data(s_image), probe.Numbers(2, 2)], [1, 2, 2, 2]),
        [BuiltinOperator.ReverseSequence] = probe =>
            probe.Call(BuiltinOperator.ReverseSequence, [probe.Data(s_matrix), probe.Other(TensorType.Int32, 2)], s_matrix, new ReverseSequenceOptions { SeqDim = 1 }),
        [BuiltinOperator.ReverseV2] = probe => probe.Call(BuiltinOperator.ReverseV2, [probe.Data(s_matrix), probe.Numbers(1)], s_matrix),
        [BuiltinOperator.Rfft2D] = probe => probe.CallOther(BuiltinOperator.Rfft2D, [probe.Data(2, 4), probe.Numbers(2, 4)], TensorType.Complex64, [2, 3]),
        [BuiltinOperator.RightShift] = Binary(BuiltinOperator.RightShift),
        [BuiltinOperator.Rnn] = RecurrentProbes.Rnn,
        [BuiltinOperator.Round] = Unary(BuiltinOperator.Round),
        [BuiltinOperator.Rsqrt] = Unary(BuiltinOperator.Rsqrt),
        [BuiltinOperator.ScatterNd] = probe =>
            probe.Call(BuiltinOperator.ScatterNd, [probe.Main.Constant(TensorType.Int32, [1, 3], 2, 1), probe.Data(2), probe.Numbers(4)], s_vector),
        [BuiltinOperator.SegmentSum] = probe => probe.Call(BuiltinOperator.SegmentSum, [probe.Data(2, 2), probe.Numbers(0, 0)], [1, 2]),
        [BuiltinOperator.Select] = Choice(BuiltinOperator.Select),
        [BuiltinOperator.SelectV2] = Choice(BuiltinOperator.SelectV2),
        [BuiltinOperator.Shape] = probe => probe.CallOther(BuiltinOperator.Shape, [probe.Data(s_matrix)], TensorType.Int32, [2], new ShapeOptions { OutType = TensorType.Int32 }),
        [BuiltinOperator.Sign] = Unary(BuiltinOperator.Sign),
        [BuiltinOperator.Sin] = Unary(BuiltinOperator.Sin),
        [BuiltinOperator.Slice] = probe => probe.Call(BuiltinOperator.Slice, [probe.Data(s_vector), probe.Numbers(1), probe.Numbers(2)], [2]),
        [BuiltinOperator.Softmax] = probe => probe.CallFixed(BuiltinOperator.Softmax, [probe.Data(s_matrix)], s_matrix, s_probability, new SoftmaxOptions { Beta = 1 }),
        [BuiltinOperator.SpaceToBatchNd] = probe =>
            probe.Call(BuiltinOperator.SpaceToBatchNd, [probe.Data(1, 2, 2, 2), probe.Numbers(2, 2), Pairs(probe, 0, 0, 0, 0)], [4, 1, 1, 2]),
        [BuiltinOperator.SpaceToDepth] = probe => probe.Call(BuiltinOperator.SpaceToDepth, [probe.Data(1, 2, 2, 2)], [1, 1, 1, 8], new SpaceToDepthOptions { BlockSize = 2 }),
        [BuiltinOperator.SparseToDense] = probe => probe.Call(BuiltinOperator.SparseToDense, [probe.Numbers(1), probe.Numbers(4), probe.Data(), probe.Value()], s_vector),
        [BuiltinOperator.Split] = probe =>
            probe.CallInto(BuiltinOperator.Split, [probe.Numbers(0), probe.Data(s_vector)], [probe.Inner(2), probe.Inner(2)], new SplitOptions { NumSplits = 2 }),
        [BuiltinOperator.SplitV] = probe =>
            probe.CallInto(BuiltinOperator.SplitV, [probe.Data(s_vector), probe.Numbers(1, 3), probe.Numbers(0)], [probe.Inner(1), probe.Inner(3)],
            new SplitVOptions { NumSplits = 2 }),
        [BuiltinOperator.Sqrt] = Unary(BuiltinOperator.Sqrt),
        [BuiltinOperator.Square] = Unary(BuiltinOperator.Square),
        [BuiltinOperator.SquaredDifference] = Binary(BuiltinOperator.SquaredDifference),
        [BuiltinOperator.Squeeze] = probe => probe.Call(BuiltinOperator.Squeeze, [probe.Data(1, 4)], s_vector),
        [BuiltinOperator.StablehloComposite] = ControlProbes.Composite,
        [BuiltinOperator.StridedSlice] = probe => probe.Call(BuiltinOperator.StridedSlice, [probe.Data(s_vector), probe.Numbers(0), probe.Numbers(4), probe.Numbers(2)], [2]),
        [BuiltinOperator.Sub] = Binary(BuiltinOperator.Sub),
        [BuiltinOperator.Sum] = Reduction(BuiltinOperator.Sum),
        [BuiltinOperator.Svdf] = RecurrentProbes.Svdf,
        [BuiltinOperator.Tanh] = probe => probe.CallFixed(BuiltinOperator.Tanh, [probe.Data(s_vector)], s_vector, s_unit),
        [BuiltinOperator.Tile] = probe => probe.Call(BuiltinOperator.Tile, [probe.Data(s_vector), probe.Numbers(2)], [8]),
        [BuiltinOperator.TopkV2] = probe =>
            probe.CallInto(BuiltinOperator.TopkV2, [probe.Data(s_vector), probe.Main.Scalar(2)], [probe.Inner(2), probe.Main.Tensor("places", TensorType.Int32, 2)]),
        [BuiltinOperator.Transpose] = probe => probe.Call(BuiltinOperator.Transpose, [probe.Data(s_matrix), probe.Numbers(1, 0)], [4, 2]),
        [BuiltinOperator.TransposeConv] = probe => probe.Call(
            BuiltinOperator.TransposeConv, [probe.Numbers(1, 4, 4, 3), probe.Weights(3, 2, 2, 2), probe.Data(s_image), probe.Bias(3)], [1, 4, 4, 3],
            new TransposeConvOptions { StrideW = 1, StrideH = 1 }),
        [BuiltinOperator.UnidirectionalSequenceLstm] = RecurrentProbes.UnidirectionalLstm,
        [BuiltinOperator.UnidirectionalSequenceRnn] = RecurrentProbes.UnidirectionalRnn,
        [BuiltinOperator.Unique] = probe =>
            probe.CallInto(BuiltinOperator.Unique, [probe.Data(s_vector)], [probe.Inner(-1), probe.Main.Tensor("places", TensorType.Int32, 4)],
            new UniqueOptions { IdxOutType = TensorType.Int32 }),
        [BuiltinOperator.Unpack] = probe => probe.CallInto(BuiltinOperator.Unpack, [probe.Data(s_matrix)], [probe.Inner(4), probe.Inner(4)], new UnpackOptions { Num = 2 }),
        [BuiltinOperator.UnsortedSegmentMax] = Segments(BuiltinOperator.UnsortedSegmentMax),
        [BuiltinOperator.UnsortedSegmentMin] = Segments(BuiltinOperator.UnsortedSegmentMin),
        [BuiltinOperator.UnsortedSegmentProd] = Segments(BuiltinOperator.UnsortedSegmentProd),
        [BuiltinOperator.UnsortedSegmentSum] = Segments(BuiltinOperator.UnsortedSegmentSum),
        [BuiltinOperator.VarHandle] = StateProbes.Variable,
        [BuiltinOperator.Where] = probe => probe.CallOther(BuiltinOperator.Where, [probe.Data(s_vector)], TensorType.Int64, [-1, 1]),
        [BuiltinOperator.While] = ControlProbes.While,
        [BuiltinOperator.ZerosLike] = Unary(BuiltinOperator.ZerosLike),
    };

    private static Action<ProbeGraph> Unary(BuiltinOperator code) => probe => probe.Call(code, [probe.Data(s_vector)], s_vector);

    private static Action<ProbeGraph> Binary(BuiltinOperator code) => probe => probe.Call(code, [probe.Data(s_vector), probe.Data(s_vector)], s_vector);

    private static Action<ProbeGraph> Comparison(BuiltinOperator code) => probe => probe.CallOther(code, [probe.Data(s_vector), probe.Data(s_vector)], TensorType.Bool, s_vector);

    private static Action<ProbeGraph> Reduction(BuiltinOperator code) => probe => probe.Call(code, [probe.Data(s_matrix), probe.Numbers(1)], [2]);

    private static Action<ProbeGraph> Choice(BuiltinOperator code) => probe =>
        probe.Call(code, [probe.Other(TensorType.Bool, 4), probe.Data(s_vector), probe.Data(s_vector)], s_vector);

    private static Action<ProbeGraph> Segments(BuiltinOperator code) => probe => probe.Call(code, [probe.Data(2, 2), probe.Numbers(0, 0), probe.Main.Scalar(1)], [1, 2]);

    private static Action<ProbeGraph> Complex(BuiltinOperator code) => probe => probe.CallOther(code, [probe.Other(TensorType.Complex64, 4)], TensorType.Float32, s_vector);

    private static Action<ProbeGraph> Pool(BuiltinOperator code) => probe =>
        probe.Call(code, [probe.Data(s_image)], [1, 2, 2, 2], new Pool2DOptions { StrideW = 2, StrideH = 2, FilterWidth = 2, FilterHeight = 2 });

    private static int Longs(ProbeGraph probe, long value) => probe.Main.Constant(TensorType.Int64, new[] { value }, 1);

    private static int Pairs(ProbeGraph probe, params int[] values) => probe.Main.Constant(TensorType.Int32, values, values.Length / 2, 2);

    /// <summary>Floats to codes of the form; where the form is float, codes to codes.</summary>
    private static void Quantized(ProbeGraph probe, BuiltinOperator code) => probe.Call(code, [probe.Other(TensorType.Float32, 4)], s_vector);

    private static void Suppression(ProbeGraph probe, BuiltinOperator code)
    {
        int[] inputs = [probe.Data(2, 4), probe.Data(2), probe.Main.Scalar(2), probe.Main.Scalar(0.5f), probe.Main.Scalar(0f)];
        int picked = probe.Main.Tensor("picked", TensorType.Int32, 2), count = probe.Main.Tensor("count", TensorType.Int32);
        if (code == BuiltinOperator.NonMaxSuppressionV4)
            probe.CallInto(code, inputs, [picked, count]);
        else
            probe.CallInto(code, [.. inputs, probe.Main.Scalar(0f)], [picked, probe.Inner(2), count]);
    }
}
