using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Graphs;

/// <summary>The runtime's shape rule of every builtin that the converter imports.</summary>
internal static class ShapeRuleTable
{
    /// <summary>Builtins that are imported and folded or refused by name, since the runtime has no kernel for them yet.</summary>
    private static readonly Dictionary<BuiltinOperator, Action<ShapeContext>> s_withoutKernel = new()
    {
        [BuiltinOperator.DepthwiseConv2D] = ConvolutionShapes.DepthwiseConv2D,
        [BuiltinOperator.Mean] = ReductionShapes.Reduce,
        [BuiltinOperator.Pad] = LayoutShapes.Pad,
    };

    public static Action<ShapeContext> RuleOf(BuiltinOperator code) =>
        OperatorTable.All.Has(code) ? OperatorTable.All.Find(code).InferShapes
        : s_withoutKernel.TryGetValue(code, out Action<ShapeContext>? rule) ? rule
        : throw new InvalidOperationException($"there is no shape rule for {code}");
}
