using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Two operands, broadcast to each other.</summary>
internal static class Binary
{
    public static Value[] Add(ImportContext context) => Import(context, BuiltinOperator.Add);

    public static Value[] Sub(ImportContext context) => Import(context, BuiltinOperator.Sub);

    public static Value[] Mul(ImportContext context) => Import(context, BuiltinOperator.Mul);

    public static Value[] Maximum(ImportContext context) => Import(context, BuiltinOperator.Maximum);

    public static Value[] Minimum(ImportContext context) => Import(context, BuiltinOperator.Minimum);

    public static Value[] Pow(ImportContext context) => Import(context, BuiltinOperator.Pow);

    public static Value[] FloorDiv(ImportContext context) => Import(context, BuiltinOperator.FloorDiv);

    public static Value[] FloorMod(ImportContext context) => Import(context, BuiltinOperator.FloorMod);

    public static Value[] SquaredDifference(ImportContext context) => Import(context, BuiltinOperator.SquaredDifference);

    public static Value[] LogicalAnd(ImportContext context) => Import(context, BuiltinOperator.LogicalAnd);

    public static Value[] LogicalOr(ImportContext context) => Import(context, BuiltinOperator.LogicalOr);

    public static Value[] Equal(ImportContext context) => Import(context, BuiltinOperator.Equal);

    public static Value[] NotEqual(ImportContext context) => Import(context, BuiltinOperator.NotEqual);

    public static Value[] Greater(ImportContext context) => Import(context, BuiltinOperator.Greater);

    public static Value[] GreaterEqual(ImportContext context) => Import(context, BuiltinOperator.GreaterEqual);

    public static Value[] Less(ImportContext context) => Import(context, BuiltinOperator.Less);

    public static Value[] LessEqual(ImportContext context) => Import(context, BuiltinOperator.LessEqual);

    public static Value[] AddN(ImportContext context) => context.InputCount switch
    {
        1 => [context.Input(0)],
        > 2 when context.Input(0).Type is TensorType.Float32 or TensorType.Int32 => [context.Emit(BuiltinOperator.AddN, [.. context.Inputs])],
        _ => [context.Inputs.Aggregate((sum, input) => context.Emit(BuiltinOperator.Add, sum, input))],
    };

    /// <summary>Integers are cut towards zero, as DIV does.</summary>
    public static Value[] TruncateDiv(ImportContext context) => Import(context, BuiltinOperator.Div);

    /// <summary>The remainder with the dividend's sign: that of the magnitudes for floats, x - y * (x / y cut towards zero) for integers.</summary>
    public static Value[] TruncateMod(ImportContext context)
    {
        var formula = new Formula(context);
        Value x = context.Input(0), y = context.Input(1);
        return x.Type == TensorType.Float32
            ? [formula.Mul(formula.Sign(x), context.Emit(BuiltinOperator.FloorMod, formula.Abs(x), formula.Abs(y)))]
            : [formula.Sub(x, formula.Mul(y, formula.Div(x, y)))];
    }

    /// <summary>|x - y| below the tolerance.</summary>
    public static Value[] ApproximateEqual(ImportContext context)
    {
        var formula = new Formula(context);
        Value distance = formula.Abs(formula.Cast(formula.Sub(context.Input(0), context.Input(1)), TensorType.Float32));
        return [context.Emit(BuiltinOperator.Less, distance, formula.Number(context.Node.Attribute("tolerance", 1e-5f)))];
    }

    /// <summary>0 where the divisor is 0.</summary>
    public static Value[] DivNoNan(ImportContext context) => WhereZero(context, context.Input(1), (formula, x, y) => formula.Div(x, y));

    /// <summary>0 where the factor is 0, whatever it meets.</summary>
    public static Value[] MulNoNan(ImportContext context) => WhereZero(context, context.Input(1), (formula, x, y) => formula.Mul(x, y));

    public static Value[] Xlogy(ImportContext context) => WhereZero(context, context.Input(0), (formula, x, y) => formula.Mul(x, formula.Log(y)));

    public static Value[] Xlog1py(ImportContext context) =>
        WhereZero(context, context.Input(0), (formula, x, y) => formula.Mul(x, formula.Log(formula.Add(y, formula.Number(1)))));

    public static Value[] Xdivy(ImportContext context) => WhereZero(context, context.Input(0), (formula, x, y) => formula.Div(x, y));

    public static Value[] Select(ImportContext context)
    {
        bool scalar = context.Input(0).Shape is { HasRank: true, Rank: 0 };
        return [context.Emit(scalar ? BuiltinOperator.SelectV2 : BuiltinOperator.Select, context.Input(0), context.Input(1), context.Input(2))];
    }

    public static Value[] SelectV2(ImportContext context) => [context.Emit(BuiltinOperator.SelectV2, context.Input(0), context.Input(1), context.Input(2))];

    public static Value[] RealDiv(ImportContext context) => context.Input(0).Type == TensorType.Float32
        ? Import(context, BuiltinOperator.Div)
        : throw context.Refuse($"it divides {context.Input(0).Type}; cast to float32");

    /// <summary>The bias runs along the channels: the last dimension of NHWC, the second of NCHW.</summary>
    public static Value[] BiasAdd(ImportContext context)
    {
        Value bias = context.Input(1);
        if (context.Node.Attribute("data_format", "NHWC") == "NCHW")
        {
            int[] shape = [-1, .. Enumerable.Repeat(1, context.Rank(0) - 2)];
            bias = bias.IsConstant
                ? ConstantData.Reshaped(bias, [bias.Shape[0].Value, .. shape[1..]])
                : context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), bias, ConstantData.Of($"{context.Node.Name}/shape", shape));
        }

        return [context.Emit(BuiltinOperator.Add, context.Input(0), bias)];
    }

    private static Value[] WhereZero(ImportContext context, Value judged, Func<Formula, Value, Value, Value> otherwise)
    {
        var formula = new Formula(context);
        Value zero = formula.Number(context.Input(0).Type, 0);
        return [formula.Select(formula.Equal(judged, zero), zero, otherwise(formula, context.Input(0), context.Input(1)))];
    }

    private static Value[] Import(ImportContext context, BuiltinOperator code) => [context.Emit(code, context.Input(0), context.Input(1))];
}
