using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Graphs;

/// <summary>The runtime's shape rule of every builtin that the converter emits.</summary>
internal static class ShapeRuleTable
{
    private static readonly Dictionary<BuiltinOperator, Action<ShapeContext>> s_rules = new()
    {
        [BuiltinOperator.Add] = ElementwiseShapes.Binary,
        [BuiltinOperator.ArgMax] = ReductionShapes.ArgMax,
        [BuiltinOperator.ArgMin] = ReductionShapes.ArgMin,
        [BuiltinOperator.AveragePool2D] = ConvolutionShapes.Pool2D,
        [BuiltinOperator.Cast] = ElementwiseShapes.Cast,
        [BuiltinOperator.Concatenation] = LayoutShapes.Concatenation,
        [BuiltinOperator.Conv2D] = ConvolutionShapes.Conv2D,
        [BuiltinOperator.DepthwiseConv2D] = ConvolutionShapes.DepthwiseConv2D,
        [BuiltinOperator.Dequantize] = ElementwiseShapes.Dequantize,
        [BuiltinOperator.Div] = ElementwiseShapes.Binary,
        [BuiltinOperator.Exp] = ElementwiseShapes.Unary,
        [BuiltinOperator.ExpandDims] = LayoutShapes.ExpandDims,
        [BuiltinOperator.FullyConnected] = FullyConnectedShapes.Infer,
        [BuiltinOperator.Logistic] = ElementwiseShapes.Unary,
        [BuiltinOperator.Maximum] = ElementwiseShapes.Binary,
        [BuiltinOperator.MaxPool2D] = ConvolutionShapes.Pool2D,
        [BuiltinOperator.Mean] = ReductionShapes.Reduce,
        [BuiltinOperator.Minimum] = ElementwiseShapes.Binary,
        [BuiltinOperator.Mul] = ElementwiseShapes.Binary,
        [BuiltinOperator.Neg] = ElementwiseShapes.Unary,
        [BuiltinOperator.Pack] = LayoutShapes.Pack,
        [BuiltinOperator.Pad] = LayoutShapes.Pad,
        [BuiltinOperator.Relu] = ElementwiseShapes.Unary,
        [BuiltinOperator.Relu6] = ElementwiseShapes.Unary,
        [BuiltinOperator.Reshape] = LayoutShapes.Reshape,
        [BuiltinOperator.Rsqrt] = ElementwiseShapes.Unary,
        [BuiltinOperator.Shape] = LayoutShapes.ShapeOf,
        [BuiltinOperator.Softmax] = ElementwiseShapes.Unary,
        [BuiltinOperator.Sqrt] = ElementwiseShapes.Unary,
        [BuiltinOperator.Square] = ElementwiseShapes.Unary,
        [BuiltinOperator.Squeeze] = LayoutShapes.Squeeze,
        [BuiltinOperator.StridedSlice] = StridedSliceShapes.Infer,
        [BuiltinOperator.Sub] = ElementwiseShapes.Binary,
        [BuiltinOperator.Tanh] = ElementwiseShapes.Unary,
        [BuiltinOperator.Transpose] = LayoutShapes.Transpose,
    };

    public static IReadOnlyCollection<BuiltinOperator> Operators => s_rules.Keys;

    public static Action<ShapeContext> RuleOf(BuiltinOperator code) =>
        s_rules.TryGetValue(code, out Action<ShapeContext>? rule) ? rule : throw new InvalidOperationException($"there is no shape rule for {code}");
}
