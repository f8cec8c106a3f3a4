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
        Value mean = context.Input(3), variance = context.Input(4);
        Value normalized = Normalized(context, context.Input(1), context.Input(2), mean, variance, context.Node.Attribute("epsilon", 1e-4f));
        return [normalized, mean, variance, mean, variance, variance];
    }

    /// <summary>The form of 2015, whose operands stand in another order, and whose scale may be switched off.</summary>
    public static Value[] WithGlobalNormalization(ImportContext context)
    {
        Value? scale = context.Node.Attribute("scale_after_normalization", false) ? context.Input(4) : null;
        return [Normalized(context, scale, context.Input(3), context.Input(1), context.Input(2), context.Node.Attribute("variance_epsilon", 0f))];
    }

    private static Value Normalized(ImportContext context, Value? scale, Value offset, Value mean, Value variance, float epsilon)
    {
        var formula = new Formula(context);
        Value deviation = context.Emit(BuiltinOperator.Rsqrt, formula.Add(variance, ConstantData.Scalar($"{context.Node.Name}/epsilon", epsilon)));
        Value multiplier = scale is null ? deviation : formula.Mul(deviation, scale);
        Value shift = formula.Sub(offset, formula.Mul(mean, multiplier));
        Value scaled = formula.Mul(context.Input(0), multiplier);
        return formula.Add(scaled, shift);
    }
}
