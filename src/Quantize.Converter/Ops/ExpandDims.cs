using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>EXPAND_DIMS at a constant axis.</summary>
internal static class ExpandDims
{
    public static Value[] Import(ImportContext context) =>
        [context.Emit(BuiltinOperator.ExpandDims, context.Input(0), ConstantData.Scalar($"{context.Node.Name}/axis", context.Integer(1)))];
}
