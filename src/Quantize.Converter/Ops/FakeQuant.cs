using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;

namespace Quantize.Converter.Ops;

/// <summary>
/// What quantization-aware training leaves behind: values rounded as a quantized kernel would round them. They become codes and floats again, QUANTIZE and DEQUANTIZE with
/// the parameters of the range; constant weights fold and remember their codes (<see cref="Grid"/>).
/// </summary>
internal static class FakeQuant
{
    /// <summary>Codes are stored as int8: code 0 of the training is -128.</summary>
    private const int Bits = 8;

    private const float CodeOffset = 128;

    public static Value[] WithMinMaxArgs(ImportContext context) =>
        [Scalar(context, Range(context, context.Node.Attribute("min", -6f), context.Node.Attribute("max", 6f)))];

    public static Value[] WithMinMaxVars(ImportContext context) =>
        [HasConstantRange(context) ? Scalar(context, Range(context, Bound(context, 1), Bound(context, 2))) : Computed(context)];

    /// <summary>One range for each slice of the last dimension.</summary>
    public static Value[] WithMinMaxVarsPerChannel(ImportContext context)
    {
        if (!HasConstantRange(context) || NumBits(context) > Bits)
            return [Computed(context)];
        float[] low = Bounds(context, 1), high = Bounds(context, 2);
        if (low.Length != high.Length || context.Input(0).Shape[^1] != low.Length)
            throw context.Refuse($"it has {low.Length} minima and {high.Length} maxima for the last dimension of {context.Input(0).Shape}");
        FakeRange[] ranges = [.. Enumerable.Range(0, low.Length).Select(channel => Range(context, low[channel], high[channel]))];
        var quantization = new QuantizationParameters(
            [.. ranges.Select(range => range.Scale)], [.. ranges.Select(range => (long)(range.Zero - CodeOffset))], context.Rank(0) - 1);
        Value lifted = IsNarrow(context) ? new Formula(context).Max(context.Input(0), Vector(context, "low", ranges.Select(range => range.Low))) : context.Input(0);
        bool fills = NumBits(context) == Bits;
        return [Coded(context, fills ? lifted : new Formula(context).Min(lifted, Vector(context, "high", ranges.Select(range => range.High))), quantization)];
    }

    /// <summary>What fills 8 bits is coded in 8 bits; other widths have an operator of their own, which knows no narrow ranges but can be given one code more below.</summary>
    private static Value Scalar(ImportContext context, FakeRange range)
    {
        Value input = IsNarrow(context) ? new Formula(context).Max(context.Input(0), ConstantData.Scalar($"{context.Node.Name}/low", range.Low)) : context.Input(0);
        if (NumBits(context) == Bits)
            return Coded(context, input, new QuantizationParameters([range.Scale], [(long)(range.Zero - CodeOffset)], 0));
        var options = new FakeQuantOptions { Min = -range.Zero * range.Scale, Max = range.High, NumBits = NumBits(context) };
        return context.Emit(BuiltinOperator.FakeQuant, options, input);
    }

    private static Value Coded(ImportContext context, Value input, QuantizationParameters quantization)
    {
        Value codes = context.EmitAs(TensorType.Int8, BuiltinOperator.Quantize, input);
        codes.Quantization = quantization;
        return context.Emit(BuiltinOperator.Dequantize, codes);
    }

    /// <summary>The same written out in arithmetic, where a range is computed or has more codes than 8 bits.</summary>
    private static Value Computed(ImportContext context)
    {
        var formula = new Formula(context);
        float first = IsNarrow(context) ? 1 : 0, last = (1 << NumBits(context)) - 1;
        Value minimum = context.Input(1), maximum = context.Input(2);
        Value scale = formula.Max(formula.Div(formula.Sub(maximum, minimum), formula.Number(last - first)), formula.Number(FakeRange.Untouched));
        Value exact = formula.Max(formula.Min(formula.Sub(formula.Number(first), formula.Div(minimum, scale)), formula.Number(last)), formula.Number(first));
        Value zero = context.Emit(BuiltinOperator.Floor, formula.Add(exact, formula.Number(0.5f)));
        Value low = formula.Mul(formula.Sub(formula.Number(first), zero), scale), high = formula.Mul(formula.Sub(formula.Number(last), zero), scale);
        Value clamped = formula.Min(formula.Max(context.Input(0), low), high);
        Value code = context.Emit(BuiltinOperator.Floor, formula.Add(formula.Div(formula.Sub(clamped, low), scale), formula.Number(0.5f)));
        return formula.Add(formula.Mul(code, scale), low);
    }

    private static bool HasConstantRange(ImportContext context) => context.Input(1).IsConstant && context.Input(2).IsConstant;

    private static FakeRange Range(ImportContext context, float minimum, float maximum) => minimum < maximum || (minimum == 0 && maximum == 0)
        ? FakeRange.Of(minimum, maximum, NumBits(context), IsNarrow(context))
        : throw context.Refuse(FormattableString.Invariant($"its range [{minimum}, {maximum}] is empty; train it, or take the node out"));

    private static float Bound(ImportContext context, int input) => Bounds(context, input) is [float only]
        ? only
        : throw context.Refuse($"its range '{context.Input(input).Name}' must be one number");

    private static float[] Bounds(ImportContext context, int input) => ConstantData.Floats(context.Input(input)).ToArray();

    private static int NumBits(ImportContext context) => context.Node.Attribute("num_bits", 8L) is >= 2 and <= 16 and long bits
        ? (int)bits
        : throw context.Refuse($"its codes have {context.Node.Attribute("num_bits", 8L)} bits; 2 to 16 are possible");

    private static bool IsNarrow(ImportContext context) => context.Node.Attribute("narrow_range", false);

    private static Value Vector(ImportContext context, string name, IEnumerable<float> elements) =>
        ConstantData.Of($"{context.Node.Name}/{name}", [elements.Count()], elements.ToArray());
}
