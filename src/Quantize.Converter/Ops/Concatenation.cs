using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>CONCATENATION; the axis is the last input of ConcatV2 and the first of Concat.</summary>
internal static class Concatenation
{
    public static Value[] AxisLast(ImportContext context) => Import(context, context.Inputs.SkipLast(1), context.Integer(context.InputCount - 1));

    public static Value[] AxisFirst(ImportContext context) => Import(context, context.Inputs.Skip(1), context.Integer(0));

    /// <summary>Along the first axis.</summary>
    public static Value[] Parallel(ImportContext context) => Import(context, context.Inputs, 0);

    private static Value[] Import(ImportContext context, IEnumerable<Value> parts, int axis)
    {
        Value[] operands = [.. parts];
        return operands is [Value only] ? [only] : [context.Emit(BuiltinOperator.Concatenation, new ConcatenationOptions { Axis = axis }, operands)];
    }
}
