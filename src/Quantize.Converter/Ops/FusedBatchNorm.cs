using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>
/// Normalization with fixed statistics: x * m + (offset - mean * m), with m = scale * rsqrt(variance + epsilon). All but the outer MUL and ADD folds away, in
/// float32 and in this order, as Google's converter does it.
/// </summary>
internal static class FusedBatchNorm
{
    public static Value[] Import(ImportContext context)
    {
        if (context.Node.Attribute("is_training", true))
            return BatchStatistics.Normalize(context);

        Value epsilon = ConstantData.Scalar($"{context.Node.Name}/epsilon", context.Node.Attribute("epsilon", 1e-4f));
        Value deviation = context.Emit(BuiltinOperator.Rsqrt, context.Emit(BuiltinOperator.Add, context.Input(4), epsilon));
        Value multiplier = context.Emit(BuiltinOperator.Mul, deviation, context.Input(1));
        Value shift = context.Emit(BuiltinOperator.Sub, context.Input(2), context.Emit(BuiltinOperator.Mul, context.Input(3), multiplier));
        Value scaled = context.Emit(BuiltinOperator.Mul, context.Input(0), multiplier);
        Value normalized = context.Emit(BuiltinOperator.Add, scaled, shift);
        return [normalized, context.Input(3), context.Input(4), context.Input(3), context.Input(4), context.Input(4)];
    }
}
