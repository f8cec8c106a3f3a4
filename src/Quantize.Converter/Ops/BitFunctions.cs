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

    /// <summary>x + y = (x xor y) + 2 (x and y), computed in 64 bits so that no carry is lost.</summary>
    public static Value[] And(ImportContext context) => [Narrowed(context, Both)];

    /// <summary>x or y = (x xor y) + (x and y).</summary>
    public static Value[] Or(ImportContext context) =>
        [Narrowed(context, (formula, x, y) => formula.Add(formula.Xor(x, y), Both(formula, x, y)))];

    /// <summary>x * 2^y, modulo the type's size.</summary>
    public static Value[] LeftShift(ImportContext context)
    {
        var formula = new Formula(context);
        Value x = context.Input(0), two = formula.Number(TensorType.Int32, 2);
        if (x.Type == TensorType.Int64)
            throw context.Refuse("shifts of 64-bit integers are not supported; cast to int32");
        Value power = context.Emit(BuiltinOperator.Pow, two, formula.Cast(context.Input(1), TensorType.Int32));
        return [formula.Cast(formula.Mul(formula.Cast(x, TensorType.Int32), power), x.Type)];
    }

    private static Value Narrowed(ImportContext context, Func<Formula, Value, Value, Value> compute)
    {
        var formula = new Formula(context);
        Value x = context.Input(0), y = context.Input(1);
        if (x.Type == TensorType.Int64)
            throw context.Refuse("bits of 64-bit integers are not supported; cast to int32");
        return formula.Cast(compute(formula, formula.Cast(x, TensorType.Int64), formula.Cast(y, TensorType.Int64)), x.Type);
    }

    private static Value Both(Formula formula, Value x, Value y)
    {
        Value carried = formula.Sub(formula.Add(x, y), formula.Xor(x, y));
        return formula.Div(carried, formula.Number(TensorType.Int64, 2));
    }
}
