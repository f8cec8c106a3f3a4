using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>Functions of the bits of integers. TFLite has the exclusive or and the shift to the right; the others follow from arithmetic.</summary>
internal static class BitFunctions
{
    public static Value[] Xor(ImportContext context) => [context.Emit(BuiltinOperator.BitwiseXor, context.Input(0), context.Input(1))];

    public static Value[] RightShift(ImportContext context) => [context.Emit(BuiltinOperator.RightShift, context.Input(0), context.Input(1))];

    /// <summary>Every bit against 1.</summary>
    public static Value[] Invert(ImportContext context)
    {
        Value x = context.Input(0);
        return [context.Emit(BuiltinOperator.BitwiseXor, x, new Formula(context).Number(x.Type, -1))];
    }

    public static Value[] And(ImportContext context) => [Wide(context, Both)];

    /// <summary>x or y = (x xor y) + (x and y).</summary>
    public static Value[] Or(ImportContext context) => [Wide(context, (formula, x, y) => formula.Add(formula.Xor(x, y), Both(formula, x, y)))];

    /// <summary>x * 2^y, modulo the type's size; y is clamped to the bits that there are.</summary>
    public static Value[] LeftShift(ImportContext context)
    {
        int most = context.Input(0).Type.Bits() - 1;
        return [Wide(context, (formula, x, y) =>
        {
            Value bits = formula.Min(formula.Max(y, formula.Number(y.Type, 0)), formula.Number(y.Type, most));
            return formula.Mul(x, context.Emit(BuiltinOperator.Pow, formula.Number(x.Type, 2), bits));
        })];
    }

    /// <summary>Computed in 32 bits or 64, where TFLite has the arithmetic; the low bits are the narrow type's.</summary>
    private static Value Wide(ImportContext context, Func<Formula, Value, Value, Value> compute)
    {
        var formula = new Formula(context);
        Value x = context.Input(0), y = context.Input(1);
        TensorType wide = x.Type.Bits() == 64 ? TensorType.Int64 : TensorType.Int32;
        return formula.Cast(compute(formula, formula.Cast(x, wide), formula.Cast(y, wide)), x.Type);
    }

    /// <summary>
    /// With x = 2a + r and y = 2b + s, the bits of a and b that are both set are worth a + b - (a xor b) in x and y, and the last bit is r * s: nothing overflows.
    /// </summary>
    private static Value Both(Formula formula, Value x, Value y)
    {
        Value a = formula.Half(x), b = formula.Half(y);
        Value upper = formula.Sub(formula.Add(a, b), formula.Xor(a, b));
        return formula.Add(upper, formula.Mul(formula.Sub(x, formula.Add(a, a)), formula.Sub(y, formula.Add(b, b))));
    }
}
