using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>Functions that TFLite has no builtin for, written in those it has.</summary>
internal static class MathFunctions
{
    public static Value[] Reciprocal(ImportContext context) => With(context, (f, x) => f.Div(f.Number(1), x));

    public static Value[] Expm1(ImportContext context) => With(context, (f, x) => f.Sub(f.Exp(x), f.Number(1)));

    public static Value[] Log1p(ImportContext context) => With(context, (f, x) => f.Log(f.Add(x, f.Number(1))));

    public static Value[] Tan(ImportContext context) => With(context, (f, x) => f.Div(context.Emit(BuiltinOperator.Sin, x), context.Emit(BuiltinOperator.Cos, x)));

    public static Value[] Asin(ImportContext context) => With(context, (f, x) => context.Emit(BuiltinOperator.Atan2, x, Leg(f, x)));

    public static Value[] Acos(ImportContext context) => With(context, (f, x) => context.Emit(BuiltinOperator.Atan2, Leg(f, x), x));

    /// <summary>ATAN2 wants two operands of one shape.</summary>
    public static Value[] Atan(ImportContext context) => With(context, (_, x) => context.Emit(BuiltinOperator.Atan2, x, Unary.OnesLike(context)[0]));

    public static Value[] Atan2(ImportContext context) => [context.Emit(BuiltinOperator.Atan2, context.Input(0), context.Input(1))];

    /// <summary>(e^x - e^-x) / 2 as a product of halves: h = e^(x/2), g = e^(-x/2), (h - g) / 2 * (h + g). It overflows where the result does.</summary>
    public static Value[] Sinh(ImportContext context) => With(context, (f, x) =>
    {
        (Value h, Value g) = HalfPowers(f, x);
        return f.Mul(f.Mul(f.Sub(h, g), f.Number(0.5f)), f.Add(h, g));
    });

    public static Value[] Cosh(ImportContext context) => With(context, (f, x) =>
    {
        (Value h, Value g) = HalfPowers(f, x);
        return f.Add(f.Mul(f.Mul(h, f.Number(0.5f)), h), f.Mul(f.Mul(g, f.Number(0.5f)), g));
    });

    /// <summary>sign(x) ln(|x| + sqrt(x^2 + 1)), with sqrt(|x|) sqrt(|x| + 1 / |x|) for the root, which does not overflow.</summary>
    public static Value[] Asinh(ImportContext context) => With(context, (f, x) =>
    {
        const float Smallest = 1e-20f;
        Value magnitude = f.Abs(x), positive = f.Max(magnitude, f.Number(Smallest));
        Value root = f.Mul(f.Sqrt(positive), f.Sqrt(f.Add(positive, f.Div(f.Number(1), positive))));
        return f.Mul(f.Sign(x), f.Log(f.Add(magnitude, root)));
    });

    public static Value[] Acosh(ImportContext context) => With(context, (f, x) =>
        f.Log(f.Add(x, f.Mul(f.Sqrt(f.Sub(x, f.Number(1))), f.Sqrt(f.Add(x, f.Number(1)))))));

    public static Value[] Atanh(ImportContext context) => With(context, (f, x) =>
        f.Mul(f.Log(f.Div(f.Add(f.Number(1), x), f.Sub(f.Number(1), x))), f.Number(0.5f)));

    public static Value[] Erf(ImportContext context) => With(context, ErrorFunction);

    public static Value[] Erfc(ImportContext context) => With(context, (f, x) => f.Sub(f.Number(1), ErrorFunction(f, x)));

    /// <summary>ln(1 + e^x), and x itself where that is the same: e^x is kept from overflowing.</summary>
    public static Value[] Softplus(ImportContext context) => With(context, (f, x) =>
    {
        const float Straight = 20;
        return f.Max(x, f.Log(f.Add(f.Exp(f.Min(x, f.Number(Straight))), f.Number(1))));
    });

    public static Value[] Softsign(ImportContext context) => With(context, (f, x) => f.Div(x, f.Add(f.Abs(x), f.Number(1))));

    /// <summary>scale * (max(x, 0) + alpha * elu(min(x, 0))).</summary>
    public static Value[] Selu(ImportContext context)
    {
        const float Scale = 1.05070098f, ScaledAlpha = 1.75809934f;
        return With(context, (f, x) => f.Add(
            f.Mul(context.Emit(BuiltinOperator.Relu, x), f.Number(Scale)),
            f.Mul(context.Emit(BuiltinOperator.Elu, f.Min(x, f.Number(0))), f.Number(ScaledAlpha))));
    }

    public static Value[] L2Loss(ImportContext context)
    {
        var formula = new Formula(context);
        int[] axes = [.. Enumerable.Range(0, context.Rank(0))];
        Value squares = formula.Square(context.Input(0));
        Value sum = axes.Length == 0 ? squares : context.Emit(BuiltinOperator.Sum, squares, ConstantData.Of($"{context.Node.Name}/axes", axes));
        return [formula.Mul(sum, formula.Number(0.5f))];
    }

    public static Value[] ClipByValue(ImportContext context)
    {
        var formula = new Formula(context);
        return [formula.Max(formula.Min(context.Input(0), context.Input(2)), context.Input(1))];
    }

    public static Value[] IsNan(ImportContext context) => [context.Emit(BuiltinOperator.NotEqual, context.Input(0), context.Input(0))];

    /// <summary>x - x is 0 for a finite x and NaN for any other.</summary>
    public static Value[] IsFinite(ImportContext context) => With(context, (f, x) => f.Equal(f.Sub(x, x), f.Number(0)));

    public static Value[] IsInf(ImportContext context) => With(context, (f, x) => f.Equal(f.Abs(x), f.Number(float.PositiveInfinity)));

    private static Value[] With(ImportContext context, Func<Formula, Value, Value> formula) => context.Input(0).Type == TensorType.Float32
        ? [formula(new Formula(context), context.Input(0))]
        : throw context.Refuse($"it takes {context.Input(0).Type}; cast to float32");

    private static (Value Rising, Value Falling) HalfPowers(Formula f, Value x)
    {
        Value half = f.Mul(x, f.Number(0.5f));
        return (f.Exp(half), f.Exp(f.Neg(half)));
    }

    /// <summary>sqrt((1 - x) (1 + x)): the other leg of the triangle.</summary>
    private static Value Leg(Formula f, Value x) => f.Sqrt(f.Mul(f.Sub(f.Number(1), x), f.Add(f.Number(1), x)));

    /// <summary>1 - e^-x^2 times a polynomial in 1 / (1 + p |x|), with the sign of x (Abramowitz and Stegun, 7.1.26): absolute error below 2e-7.</summary>
    private static Value ErrorFunction(Formula f, Value x)
    {
        Value magnitude = f.Abs(x);
        Value t = f.Div(f.Number(1), f.Add(f.Mul(magnitude, f.Number(0.3275911f)), f.Number(1)));
        Value p = f.Mul(f.Polynomial(t, 0.254829592f, -0.284496736f, 1.421413741f, -1.453152027f, 1.061405429f), t);
        Value tail = f.Mul(p, f.Exp(f.Neg(f.Mul(magnitude, magnitude))));
        return f.Mul(f.Sign(x), f.Sub(f.Number(1), tail));
    }
}
