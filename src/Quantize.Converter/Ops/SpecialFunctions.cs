using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>The gamma function's logarithm and its derivative, and the inverses of the error function and of the normal distribution.</summary>
internal static class SpecialFunctions
{
    private const float HalfLogOfTwoPi = 0.918938533f;
    private const float LogOfPi = 1.14472989f;

    /// <summary>The g of Lanczos' approximation, to which the coefficients belong: A(z) = 1 + sum of c[i] / (z + 1 + i).</summary>
    private const float Lanczos = 7;

    private static readonly float[] s_lanczos = [676.520368f, -1259.13922f, 771.323429f, -176.615029f, 12.5073433f, -0.138571095f, 9.98436958e-6f, 1.50563274e-7f];

    /// <summary>Polynomials of Giles (2012), the highest power last.</summary>
    private static readonly float[] s_central = [1.50140941f, 0.246640727f, -0.00417768164f, -0.00125372503f, 0.00021858087f, -4.39150654e-6f, -3.5233877e-6f, 3.43273939e-7f, 2.81022636e-8f];

    private static readonly float[] s_tail = [2.83297682f, 1.00167406f, 0.00943887047f, -0.0076224613f, 0.00573950773f, -0.00367342844f, 0.00134934322f, 0.000100950558f, -0.000200214257f];

    public static Value[] LogGamma(ImportContext context)
    {
        (Formula f, Value x) = Operand(context);
        Value isSmall = IsSmall(context, f, x), z = Reflected(f, x, isSmall);
        Value t = f.Add(z, f.Number(Lanczos + 0.5f)), log = f.Log(t);
        Value plain = f.Add(f.Add(f.Mul(f.Sub(f.Add(z, f.Number(0.5f)), f.Div(t, log)), log), f.Number(HalfLogOfTwoPi)), f.Log(Sum(f, z)));
        Value sine = f.Log(f.Abs(context.Emit(BuiltinOperator.Sin, f.Mul(Fraction(context, f, x), f.Number(MathF.PI)))));
        Value reflected = f.Sub(f.Sub(f.Number(LogOfPi), sine), plain);
        return [f.Select(f.Equal(f.Abs(x), f.Number(float.PositiveInfinity)), f.Abs(x), f.Select(isSmall, reflected, plain))];
    }

    public static Value[] Digamma(ImportContext context)
    {
        (Formula f, Value x) = Operand(context);
        Value isSmall = IsSmall(context, f, x), z = Reflected(f, x, isSmall);
        Value t = f.Add(z, f.Number(Lanczos + 0.5f));
        Value plain = f.Sub(f.Add(f.Log(t), f.Div(Slope(f, z), Sum(f, z))), f.Div(f.Number(Lanczos), t));
        Value angle = f.Mul(Fraction(context, f, x), f.Number(MathF.PI));
        Value cotangent = f.Div(context.Emit(BuiltinOperator.Cos, angle), context.Emit(BuiltinOperator.Sin, angle));
        return [f.Select(isSmall, f.Sub(plain, f.Mul(cotangent, f.Number(MathF.PI))), plain)];
    }

    public static Value[] InverseErrorFunction(ImportContext context)
    {
        (Formula f, Value x) = Operand(context);
        return [InverseErrorFunction(context, f, x)];
    }

    /// <summary>The quantile of the normal distribution: sqrt(2) erfinv(2 p - 1).</summary>
    public static Value[] NormalQuantile(ImportContext context)
    {
        (Formula f, Value x) = Operand(context);
        Value centred = f.Sub(f.Mul(x, f.Number(2)), f.Number(1));
        return [f.Mul(InverseErrorFunction(context, f, centred), f.Number(1.41421356f))];
    }

    /// <summary>With w = -ln(1 - x^2): x times a polynomial in w, or in its root where x is near an end.</summary>
    private static Value InverseErrorFunction(ImportContext context, Formula f, Value x)
    {
        const float Border = 5;
        Value w = f.Neg(f.Add(f.Log(f.Sub(f.Number(1), x)), f.Log(f.Add(f.Number(1), x))));
        Value central = f.Polynomial(f.Sub(w, f.Number(2.5f)), s_central);
        Value tail = f.Polynomial(f.Sub(f.Sqrt(f.Max(w, f.Number(Border))), f.Number(3)), s_tail);
        Value inside = f.Mul(x, f.Select(context.Emit(BuiltinOperator.Less, w, f.Number(Border)), central, tail));
        return f.Select(f.Equal(f.Abs(x), f.Number(1)), f.Mul(x, f.Number(float.PositiveInfinity)), inside);
    }

    private static (Formula Formula, Value X) Operand(ImportContext context) => context.Input(0).Type == TensorType.Float32
        ? (new Formula(context), context.Input(0))
        : throw context.Refuse($"it takes {context.Input(0).Type}; cast to float32");

    private static Value IsSmall(ImportContext context, Formula f, Value x) => context.Emit(BuiltinOperator.Less, x, f.Number(0.5f));

    /// <summary>x - 1, and for a small x the same of 1 - x: there the function follows from its reflection.</summary>
    private static Value Reflected(Formula f, Value x, Value isSmall) => f.Select(isSmall, f.Neg(x), f.Sub(x, f.Number(1)));

    private static Value Fraction(ImportContext context, Formula f, Value x) => f.Sub(x, context.Emit(BuiltinOperator.Floor, x));

    private static Value Sum(Formula f, Value z)
    {
        Value sum = f.Number(1);
        for (int i = 0; i < s_lanczos.Length; i++)
            sum = f.Add(f.Div(f.Number(s_lanczos[i]), f.Add(z, f.Number(i + 1))), sum);
        return sum;
    }

    /// <summary>The derivative of <see cref="Sum"/>.</summary>
    private static Value Slope(Formula f, Value z)
    {
        Value sum = f.Number(0);
        for (int i = 0; i < s_lanczos.Length; i++)
            sum = f.Sub(sum, f.Div(f.Number(s_lanczos[i]), f.Square(f.Add(z, f.Number(i + 1)))));
        return sum;
    }
}
