using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Reductions over a constant list of axes.</summary>
internal static class Reduction
{
    public static Value[] Mean(ImportContext context) => Import(context, BuiltinOperator.Mean);

    public static Value[] Sum(ImportContext context) => Import(context, BuiltinOperator.Sum);

    public static Value[] Prod(ImportContext context) => Import(context, BuiltinOperator.ReduceProd);

    public static Value[] Max(ImportContext context) => Import(context, BuiltinOperator.ReduceMax);

    public static Value[] Min(ImportContext context) => Import(context, BuiltinOperator.ReduceMin);

    public static Value[] All(ImportContext context) => Import(context, BuiltinOperator.ReduceAll);

    public static Value[] Any(ImportContext context) => Import(context, BuiltinOperator.ReduceAny);

    /// <summary>The root of the sum of squares.</summary>
    public static Value[] EuclideanNorm(ImportContext context)
    {
        var formula = new Formula(context);
        ImportContext squares = context.With(context.Node, [formula.Square(context.Input(0)), context.Input(1)]);
        return [formula.Sqrt(Sum(squares)[0])];
    }

    private static Value[] Import(ImportContext context, BuiltinOperator code)
    {
        int[] axes = context.Integers(1);
        if (axes.Length == 0)
            return [context.Input(0)];
        var options = new ReducerOptions { KeepDims = context.Node.Attribute("keep_dims", false) };
        return [context.Emit(code, options, context.Input(0), ConstantData.Of($"{context.Node.Name}/axes", axes))];
    }
}
