using Quantize.Converter.Graphs;

namespace Quantize.Converter.Ops;

/// <summary>The cross product of vectors of three along the last dimension: of two operands, each in two orders.</summary>
internal static class CrossProduct
{
    public static Value[] Import(ImportContext context)
    {
        int axis = context.Rank(0) - 1;
        if (axis < 0 || context.Input(0).Shape[^1] != 3)
            throw context.Refuse($"it takes vectors of three, not {context.Input(0).Shape}");
        var arrangement = new Arrangement(context);
        var formula = new Formula(context);
        Value Turned(Value value, string name, params int[] order) => arrangement.Gather(value, arrangement.Vector(name, order), axis);
        Value a = context.Input(0), b = context.Input(1);
        return [formula.Sub(
            formula.Mul(Turned(a, "yzx", 1, 2, 0), Turned(b, "zxy", 2, 0, 1)),
            formula.Mul(Turned(a, "zxy", 2, 0, 1), Turned(b, "yzx", 1, 2, 0)))];
    }
}
