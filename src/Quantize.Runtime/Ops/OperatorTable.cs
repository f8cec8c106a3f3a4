using System.Collections.Frozen;
using Quantize.Runtime.Format;

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
        operators is null ? All : new OperatorTable(operators.Select(kernel => kernel.Definition ?? throw new ArgumentException("an operator of the list is empty", nameof(operators))).DistinctBy(row => row.Code));

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
            ArgExtremeOperator.Max,
            ArgExtremeOperator.Min,
            Pool2DOperator.Average,
            CastOperator.Definition,
            ConcatenationOperator.Concatenation,
            Conv2DOperator.Definition,
            DequantizeOperator.Definition,
            BinaryOperator.Div,
            UnaryOperator.Exp,
            ReshapeOperator.ExpandDims,
            FullyConnectedOperator.Definition,
            UnaryOperator.Logistic,
            BinaryOperator.Maximum,
            Pool2DOperator.Max,
            BinaryOperator.Minimum,
            BinaryOperator.Mul,
            UnaryOperator.Neg,
            ConcatenationOperator.Pack,
            UnaryOperator.Relu,
            UnaryOperator.Relu6,
            UnaryOperator.ReluN1To1,
            ReshapeOperator.Reshape,
            UnaryOperator.Rsqrt,
            ShapeOperator.Definition,
            SoftmaxOperator.Definition,
            UnaryOperator.Sqrt,
            UnaryOperator.Square,
            ReshapeOperator.Squeeze,
            StridedSliceOperator.Definition,
            BinaryOperator.Sub,
            UnaryOperator.Tanh,
            TransposeOperator.Definition,
        ]);
    }
}
