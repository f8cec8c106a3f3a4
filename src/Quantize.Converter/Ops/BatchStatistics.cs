using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>Normalization with the statistics of the very batch: what layer normalization is built on, and what a graph exported in training mode computes.</summary>
internal static class BatchStatistics
{
    public static Value[] Normalize(ImportContext context)
    {
        var formula = new Formula(context);
        Value x = context.Input(0), scale = context.Input(1), offset = context.Input(2);
        Value axes = ConstantData.Of($"{context.Node.Name}/axes", 0, 1, 2);
        Value mean = context.Emit(BuiltinOperator.Mean, new ReducerOptions { KeepDims = true }, x, axes);
        Value variance = context.Emit(BuiltinOperator.Mean, new ReducerOptions { KeepDims = true }, context.Emit(BuiltinOperator.SquaredDifference, x, mean), axes);
        Value deviation = context.Emit(BuiltinOperator.Rsqrt, formula.Add(variance, formula.Number(context.Node.Attribute("epsilon", 1e-4f))));
        Value normalized = formula.Add(formula.Mul(formula.Sub(x, mean), formula.Mul(deviation, scale)), offset);
        Value flatMean = Flat(context, mean), flatVariance = Flat(context, variance);
        return [normalized, flatMean, Unbiased(formula, flatVariance, x.Shape), flatMean, flatVariance, flatVariance];
    }

    private static Value Flat(ImportContext context, Value statistics) =>
        context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), statistics, ConstantData.Of($"{context.Node.Name}/channels", -1));

    /// <summary>The batch variance TensorFlow hands out is that of a sample: n / (n - 1) times the mean square.</summary>
    private static Value Unbiased(Formula formula, Value variance, Shape shape)
    {
        Dimension count = shape[0] * shape[1] * shape[2];
        return count.IsKnown && count.Value > 1 ? formula.Mul(variance, formula.Number(count.Value / (count.Value - 1f))) : variance;
    }
}
