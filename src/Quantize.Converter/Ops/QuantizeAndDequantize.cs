using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>
/// Values rounded to so many bits: clamp to the range, divide by the step, round, multiply. The range is given or the tensor's own, for the whole tensor or for each slice
/// of an axis.
/// </summary>
internal static class QuantizeAndDequantize
{
    /// <summary>Divides zeros where a tensor has nothing else.</summary>
    private const float SmallestStep = 1e-37f;

    /// <summary>The range is in attributes.</summary>
    public static Value[] V1(ImportContext context)
    {
        var formula = new Formula(context);
        Value minimum = formula.Number(context.Node.Attribute("input_min", 0f)), maximum = formula.Number(context.Node.Attribute("input_max", 0f));
        return Import(context, (int)context.Node.Attribute("num_bits", 8L), context.Node.Attribute("range_given", false) ? (minimum, maximum) : null);
    }

    public static Value[] V2(ImportContext context) =>
        Import(context, (int)context.Node.Attribute("num_bits", 8L), context.Node.Attribute("range_given", false) ? Given(context) : null);

    public static Value[] V3(ImportContext context) => Import(context, context.Integer(3), context.Node.Attribute("range_given", true) ? Given(context) : null);

    private static Value[] Import(ImportContext context, int bits, (Value Minimum, Value Maximum)? range)
    {
        var formula = new Formula(context);
        bool isSigned = context.Node.Attribute("signed_input", true), narrow = context.Node.Attribute("narrow_range", false);
        if (bits < 1 || bits > (isSigned ? 62 : 63))
            throw context.Refuse($"it rounds to {bits} bits");
        Value lowest = formula.Number(!isSigned ? 0 : -MathF.Pow(2, bits - 1) + (narrow ? 1 : 0)), highest = formula.Number(MathF.Pow(2, isSigned ? bits - 1 : bits) - 1);
        (Value minimum, Value maximum) = range ?? (Extreme(context, BuiltinOperator.ReduceMin), Extreme(context, BuiltinOperator.ReduceMax));

        // The larger step, so that both ends fit.
        Value step = formula.Div(maximum, highest);
        if (isSigned)
            step = formula.Max(formula.Div(minimum, lowest), step);
        Value clamped = range is null ? context.Input(0) : formula.Min(formula.Max(context.Input(0), formula.Mul(step, lowest)), formula.Mul(step, highest));
        return [formula.Mul(Rounded(context, formula.Div(clamped, formula.Max(step, formula.Number(SmallestStep)))), step)];
    }

    private static (Value Minimum, Value Maximum) Given(ImportContext context) => (AlongAxis(context, context.Input(1)), AlongAxis(context, context.Input(2)));

    /// <summary>One number for each slice, in a shape that broadcasts.</summary>
    private static Value AlongAxis(ImportContext context, Value numbers)
    {
        int axis = Axis(context);
        if (axis < 0)
            return numbers;
        var shape = new Extent[context.Rank(0)];
        Array.Fill(shape, 1);
        shape[axis] = Extent.Of(numbers, 0);
        return new Arrangement(context).Reshape(numbers, shape);
    }

    private static Value Extreme(ImportContext context, BuiltinOperator code)
    {
        int axis = Axis(context);
        int[] axes = [.. Enumerable.Range(0, context.Rank(0)).Where(other => other != axis)];
        return axes.Length == 0
            ? context.Input(0)
            : context.Emit(code, new ReducerOptions { KeepDims = true }, context.Input(0), ConstantData.Of($"{context.Node.Name}/axes", axes));
    }

    private static int Axis(ImportContext context)
    {
        int axis = (int)context.Node.Attribute("axis", -1L);
        return axis < context.Rank(0) ? axis : throw context.Refuse($"its axis {axis} is beyond the dimensions of {context.Input(0).Shape}");
    }

    private static Value Rounded(ImportContext context, Value scaled)
    {
        var formula = new Formula(context);
        return context.Node.Attribute("round_mode", "HALF_TO_EVEN") == "HALF_UP"
            ? context.Emit(BuiltinOperator.Floor, formula.Add(scaled, formula.Number(0.5f)))
            : context.Emit(BuiltinOperator.Round, scaled);
    }
}
