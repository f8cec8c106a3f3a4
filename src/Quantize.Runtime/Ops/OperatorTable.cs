using System.Collections.Frozen;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops.Recurrent;

namespace Quantize.Runtime.Ops;

/// <summary>The operators a model may use.</summary>
internal sealed class OperatorTable
{
    private readonly FrozenDictionary<BuiltinOperator, OperatorDefinition> _rows;

    private OperatorTable(IEnumerable<OperatorDefinition> rows) => _rows = rows.ToFrozenDictionary(row => row.Code);

    /// <summary>Everything the runtime has.</summary>
    public static OperatorTable All => Whole.Table;

    /// <summary>These operators, or all where none are named.</summary>
    public static OperatorTable Of(IReadOnlyList<OperatorKernel>? operators) =>
        operators is null ? All : Only(operators);

    /// <summary>These operators.</summary>
    public static OperatorTable Only(IReadOnlyList<OperatorKernel> operators) =>
        new(operators.Select(kernel => kernel.Definition ?? throw new ArgumentException("an operator of the list is empty", nameof(operators))).DistinctBy(row => row.Code));

    public IEnumerable<OperatorDefinition> Rows => _rows.Values.OrderBy(row => row.Code);

    public bool Has(BuiltinOperator code) => _rows.ContainsKey(code);

    public OperatorDefinition Find(BuiltinOperator code) =>
        _rows.TryGetValue(code, out OperatorDefinition? definition) ? definition : throw new ModelFormatException($"there is no operator {code}");

    /// <summary>A class of its own, so that an application that names its operators drops this list when it is trimmed.</summary>
    private static class Whole
    {
        public static readonly OperatorTable Table = new(
        [
            UnaryOperator.Abs,
            BinaryOperator.Add,
            AddNOperator.Definition,
            ArgExtremeOperator.Max,
            ArgExtremeOperator.Min,
            VariableOperator.Assign,
            BinaryOperator.Atan2,
            Pool2DOperator.Average,
            BatchMatMulOperator.Definition,
            SpaceBatchOperator.BatchToSpace,
            LstmOperator.Bidirectional,
            RnnOperator.Bidirectional,
            BitcastOperator.Definition,
            LogicalOperator.BitwiseXor,
            BroadcastArgsOperator.Definition,
            TileOperator.BroadcastTo,
            BucketizeOperator.Definition,
            IfOperator.Call,
            CallOnceOperator.Definition,
            CastOperator.Definition,
            UnaryOperator.Ceil,
            ComplexOperator.Abs,
            ConcatenationOperator.Concatenation,
            Conv2DOperator.Definition,
            Conv3DOperator.Definition,
            Conv3DTransposeOperator.Definition,
            UnaryOperator.Cos,
            SequenceOperator.Cumsum,
            SpaceDepthOperator.DepthToSpace,
            DepthwiseConv2DOperator.Definition,
            DensifyOperator.Definition,
            DequantizeOperator.Definition,
            DilateOperator.Definition,
            BinaryOperator.Div,
            DynamicUpdateSliceOperator.Definition,
            UnaryOperator.Elu,
            GatherOperator.EmbeddingLookup,
            EmbeddingLookupSparseOperator.Definition,
            CompareOperator.Equal,
            UnaryOperator.Exp,
            ReshapeOperator.ExpandDims,
            QuantizeOperator.FakeQuant,
            TileOperator.Fill,
            UnaryOperator.Floor,
            BinaryOperator.FloorDiv,
            BinaryOperator.FloorMod,
            FullyConnectedOperator.Definition,
            GatherOperator.Gather,
            GatherNdOperator.GatherNd,
            ActivationOperator.Gelu,
            CompareOperator.Greater,
            CompareOperator.GreaterEqual,
            UnaryOperator.HardSwish,
            HashtableOperator.Handle,
            HashtableOperator.Find,
            HashtableOperator.Import,
            HashtableLookupOperator.Definition,
            HashtableOperator.Size,
            IfOperator.If,
            ComplexOperator.Imag,
            NormalizationOperator.L2,
            Pool2DOperator.L2,
            ActivationOperator.LeakyRelu,
            CompareOperator.Less,
            CompareOperator.LessEqual,
            NormalizationOperator.LocalResponse,
            UnaryOperator.Log,
            ActivationOperator.LogSoftmax,
            LogicalOperator.And,
            LogicalOperator.Not,
            LogicalOperator.Or,
            UnaryOperator.Logistic,
            LshProjectionOperator.Definition,
            LstmOperator.OneStep,
            MatrixOperator.Diag,
            MatrixOperator.SetDiag,
            Pool2DOperator.Max,
            BinaryOperator.Maximum,
            ReduceOperator.Mean,
            BinaryOperator.Minimum,
            PadOperator.MirrorPad,
            BinaryOperator.Mul,
            RandomOperator.Multinomial,
            UnaryOperator.Neg,
            NonMaxSuppressionOperator.V4,
            NonMaxSuppressionOperator.V5,
            CompareOperator.NotEqual,
            OneHotOperator.Definition,
            ConcatenationOperator.Pack,
            PadOperator.Pad,
            PadOperator.PadV2,
            BinaryOperator.Pow,
            BinaryOperator.Prelu,
            QuantizeOperator.Quantize,
            RandomOperator.StandardNormal,
            RandomOperator.Uniform,
            SequenceOperator.Range,
            ShapeOperator.Rank,
            VariableOperator.Read,
            ComplexOperator.Real,
            ReduceOperator.All,
            ReduceOperator.Any,
            ReduceOperator.Max,
            ReduceOperator.Min,
            ReduceOperator.Prod,
            ReduceWindowOperator.Definition,
            UnaryOperator.Relu,
            UnaryOperator.Relu0To1,
            UnaryOperator.Relu6,
            UnaryOperator.ReluN1To1,
            ReshapeOperator.Reshape,
            ResizeOperator.Bilinear,
            ResizeOperator.NearestNeighbor,
            ReverseOperator.ReverseSequence,
            ReverseOperator.ReverseV2,
            Rfft2DOperator.Definition,
            LogicalOperator.RightShift,
            RnnOperator.OneStep,
            UnaryOperator.Round,
            UnaryOperator.Rsqrt,
            GatherNdOperator.ScatterNd,
            SegmentOperator.SegmentSum,
            SelectOperator.Select,
            SelectOperator.SelectV2,
            ShapeOperator.Definition,
            UnaryOperator.Sign,
            UnaryOperator.Sin,
            SliceOperator.Definition,
            SoftmaxOperator.Definition,
            SpaceBatchOperator.SpaceToBatch,
            SpaceDepthOperator.SpaceToDepth,
            SparseToDenseOperator.Definition,
            SplitOperator.Split,
            SplitOperator.SplitV,
            UnaryOperator.Sqrt,
            UnaryOperator.Square,
            BinaryOperator.SquaredDifference,
            ReshapeOperator.Squeeze,
            IfOperator.Composite,
            StridedSliceOperator.Definition,
            BinaryOperator.Sub,
            ReduceOperator.Sum,
            SvdfOperator.Definition,
            UnaryOperator.Tanh,
            TileOperator.Tile,
            TopKOperator.Definition,
            TransposeOperator.Definition,
            TransposeConvOperator.Definition,
            LstmOperator.Unidirectional,
            RnnOperator.Unidirectional,
            UniqueOperator.Definition,
            SplitOperator.Unpack,
            SegmentOperator.UnsortedMax,
            SegmentOperator.UnsortedMin,
            SegmentOperator.UnsortedProd,
            SegmentOperator.UnsortedSum,
            VariableOperator.Handle,
            WhereOperator.Definition,
            WhileOperator.Definition,
            ZerosLikeOperator.Definition,
        ]);
    }
}
