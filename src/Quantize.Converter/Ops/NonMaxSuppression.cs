using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>The best boxes that do not overlap a better one too much. The builtins fill up with zeros; where TensorFlow does not, the filling is cut off.</summary>
internal static class NonMaxSuppression
{
    public static Value[] V1(ImportContext context)
    {
        var formula = new Formula(context);
        return [Suppress(context, formula.Number(context.Node.Attribute("iou_threshold", 0.5f)), formula.Number(float.MinValue), isPadded: false)[0]];
    }

    public static Value[] V2(ImportContext context) => [Suppress(context, context.Input(3), new Formula(context).Number(float.MinValue), isPadded: false)[0]];

    public static Value[] V3(ImportContext context) => [Suppress(context, context.Input(3), context.Input(4), isPadded: false)[0]];

    public static Value[] V4(ImportContext context) => Suppress(context, context.Input(3), context.Input(4), IsPadded(context));

    /// <summary>Where scores fall with the overlap, TensorFlow leaves no box out because of it.</summary>
    public static Value[] V5(ImportContext context)
    {
        bool isSoft = context.Input(5) is { IsConstant: true } sigma && ConstantData.Floats(sigma)[0] > 0;
        Value overlap = isSoft ? new Formula(context).Number(1) : Above(context.Input(3));
        Value[] selected = context.EmitMany(
            BuiltinOperator.NonMaxSuppressionV5, new NoOptions(OptionsType.NonMaxSuppressionV5Options), 3,
            context.Input(0), context.Input(1), context.Input(2), overlap, context.Input(4), context.Input(5));
        return IsPadded(context) ? selected : [Cut(context, selected[0], selected[2]), Cut(context, selected[1], selected[2]), selected[2]];
    }

    private static bool IsPadded(ImportContext context) => context.Node.Attribute("pad_to_max_output_size", false);

    private static Value[] Suppress(ImportContext context, Value overlap, Value threshold, bool isPadded)
    {
        Value[] selected = Select(context, context.Input(0), context.Input(1), context.Input(2), overlap, threshold);
        return isPadded ? selected : [Cut(context, selected[0], selected[1]), selected[1]];
    }

    /// <summary>The places of the boxes, filled up with zeros, and how many there are.</summary>
    public static Value[] Select(ImportContext context, Value boxes, Value scores, Value most, Value overlap, Value threshold) =>
        context.EmitMany(BuiltinOperator.NonMaxSuppressionV4, new NoOptions(OptionsType.NonMaxSuppressionV4Options), 2, boxes, scores, most, Above(overlap), threshold);

    /// <summary>The builtins leave out what overlaps so much, TensorFlow only what overlaps more: the next greater number.</summary>
    private static Value Above(Value overlap) => overlap.IsConstant && ConstantData.Floats(overlap)[0] is >= 0 and < 1 and var most
        ? ConstantData.Scalar(overlap.Name, MathF.BitIncrement(most))
        : overlap;

    private static Value Cut(ImportContext context, Value filled, Value count)
    {
        var arrangement = new Arrangement(context);
        return arrangement.Slice(filled, 0, null, context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), count, arrangement.Vector("vector", 1)));
    }
}
