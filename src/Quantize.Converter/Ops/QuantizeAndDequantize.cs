using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Values rounded to so many bits: clamp, scale, round, scale back. The range is a constant, or the tensor's own.</summary>
internal static class QuantizeAndDequantize
{
    public static Value[] V2(ImportContext context) => Import(context, (int)context.Node.Attribute("num_bits", 8L));

    public static Value[] V3(ImportContext context) => Import(context, context.Integer(3));

    private static Value[] Import(ImportContext context, int bits)
    {
        if (context.Node.Attribute("axis", -1L) != -1)
            throw context.Refuse("a range for each slice of an axis is not supported");
        bool isSigned = context.Node.Attribute("signed_input", true), narrow = context.Node.Attribute("narrow_range", false);
        float lowest = !isSigned ? 0 : -MathF.Pow(2, bits - 1) + (narrow ? 1 : 0), highest = MathF.Pow(2, isSigned ? bits - 1 : bits) - 1;
        return [context.Node.Attribute("range_given", true) ? WithRange(context, lowest, highest) : WithOwnRange(context, lowest, highest)];
    }

    private static Value WithRange(ImportContext context, float lowest, float highest)
    {
        if (!context.Input(1).IsConstant || !context.Input(2).IsConstant)
            throw context.Refuse("its range must be a constant");
        float minimum = ConstantData.Floats(context.Input(1))[0], maximum = ConstantData.Floats(context.Input(2))[0];
        float fromLow = lowest * minimum > 0 ? lowest / minimum : float.MaxValue, fromHigh = highest * maximum > 0 ? highest / maximum : float.MaxValue;
        float scale = Math.Min(fromLow, fromHigh), step = fromLow < fromHigh ? minimum / lowest : maximum / highest;
        if (fromLow < fromHigh)
            maximum = highest * step;
        else
            minimum = lowest * step;
        var formula = new Formula(context);
        Value clamped = formula.Min(formula.Max(context.Input(0), formula.Number(minimum)), formula.Number(maximum));
        return formula.Mul(Rounded(context, formula.Mul(clamped, formula.Number(scale))), formula.Number(step));
    }

    /// <summary>The step is the larger of minimum / lowest and maximum / highest, so that both ends fit.</summary>
    private static Value WithOwnRange(ImportContext context, float lowest, float highest)
    {
        var formula = new Formula(context);
        Value axes = ConstantData.Of($"{context.Node.Name}/axes", [.. Enumerable.Range(0, context.Rank(0))]);
        Value maximum = context.Emit(BuiltinOperator.ReduceMax, new ReducerOptions(), context.Input(0), axes);
        Value step = formula.Mul(maximum, formula.Number(1 / highest));
        if (lowest < 0)
        {
            Value minimum = context.Emit(BuiltinOperator.ReduceMin, new ReducerOptions(), context.Input(0), axes);
            step = formula.Max(formula.Mul(minimum, formula.Number(1 / lowest)), step);
        }

        return formula.Mul(Rounded(context, formula.Div(context.Input(0), step)), step);
    }

    private static Value Rounded(ImportContext context, Value scaled)
    {
        var formula = new Formula(context);
        return context.Node.Attribute("round_mode", "HALF_TO_EVEN") == "HALF_UP"
            ? context.Emit(BuiltinOperator.Floor, formula.Add(scaled, formula.Number(0.5f)))
            : context.Emit(BuiltinOperator.Round, scaled);
    }
}
