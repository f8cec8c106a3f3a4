using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>What quantization-aware training leaves behind: values rounded as a quantized kernel would round them.</summary>
internal static class FakeQuant
{
    public static Value[] WithMinMaxArgs(ImportContext context) =>
        Import(context, context.Node.Attribute("min", -6f), context.Node.Attribute("max", 6f));

    public static Value[] WithMinMaxVars(ImportContext context) => Import(context, Bounds(context, 1)[0], Bounds(context, 2)[0]);

    /// <summary>One range for each slice of the last dimension: rounding written out in arithmetic.</summary>
    public static Value[] WithMinMaxVarsPerChannel(ImportContext context)
    {
        float[] minimum = Bounds(context, 1), maximum = Bounds(context, 2);
        float first = context.Node.Attribute("narrow_range", false) ? 1 : 0, last = (1 << Bits(context)) - 1;
        float[] low = new float[minimum.Length], high = new float[minimum.Length], scale = new float[minimum.Length];
        for (int c = 0; c < low.Length; c++)
        {
            scale[c] = (maximum[c] - minimum[c]) / (last - first);
            float zero = first - minimum[c] / scale[c];
            float nudged = Math.Clamp(MathF.Round(zero, MidpointRounding.AwayFromZero), first, last);
            low[c] = (first - nudged) * scale[c];
            high[c] = (last - nudged) * scale[c];
        }

        var formula = new Formula(context);
        Value lows = Vector(context, "low", low), scales = Vector(context, "scale", scale);
        Value clamped = formula.Min(formula.Max(context.Input(0), lows), Vector(context, "high", high));
        Value code = context.Emit(BuiltinOperator.Floor, formula.Add(formula.Div(formula.Sub(clamped, lows), scales), formula.Number(0.5f)));
        return [formula.Add(formula.Mul(code, scales), lows)];
    }

    private static Value[] Import(ImportContext context, float minimum, float maximum)
    {
        if (minimum == 0 && maximum == 0)
            return [context.Emit(BuiltinOperator.ZerosLike, context.Input(0))]; // a range that training has not touched
        var options = new FakeQuantOptions { Min = minimum, Max = maximum, NumBits = Bits(context), NarrowRange = context.Node.Attribute("narrow_range", false) };
        return [context.Emit(BuiltinOperator.FakeQuant, options, context.Input(0))];
    }

    private static int Bits(ImportContext context) => (int)context.Node.Attribute("num_bits", 8L);

    private static float[] Bounds(ImportContext context, int input) => context.Input(input).IsConstant
        ? ConstantData.Floats(context.Input(input)).ToArray()
        : throw context.Refuse($"its range '{context.Input(input).Name}' must be a constant; freeze the graph after training");

    private static Value Vector(ImportContext context, string name, float[] elements) => ConstantData.Of($"{context.Node.Name}/{name}", [elements.Length], elements);
}
