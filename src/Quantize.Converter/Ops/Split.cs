using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>SPLIT, SPLIT_V and UNPACK.</summary>
internal static class Split
{
    public static Value[] Equal(ImportContext context)
    {
        int parts = Count(context, context.Node.Attribute("num_split", 1L));
        Value value = context.Input(1);
        int axis = context.Integer(0);
        if (parts == 1)
            return [value];
        if (value.Type == TensorType.Int64 && Length(context, value, axis) is { } length && length % parts == 0)
            return Parts(context, value, new Arrangement(context).Vector("sizes", [.. Enumerable.Repeat(length / parts, parts)]), axis, parts);
        return context.EmitMany(BuiltinOperator.Split, new SplitOptions { NumSplits = parts }, parts, Axis(context, axis), value);
    }

    public static Value[] BySizes(ImportContext context)
    {
        int parts = Count(context, context.Node.Attribute("num_split", 1L));
        return parts == 1 ? [context.Input(0)] : Parts(context, context.Input(0), context.Index(1), context.Integer(2), parts);
    }

    public static Value[] Unpack(ImportContext context)
    {
        int axis = (int)context.Node.Attribute("axis", 0L);
        int parts = Count(context, context.Node.Attribute("num", 0L));
        return parts == 0 ? [] : context.EmitMany(BuiltinOperator.Unpack, new UnpackOptions { Num = parts, Axis = axis }, parts, context.Input(0));
    }

    /// <summary>SPLIT has no kernel for int64, SPLIT_V has one.</summary>
    private static Value[] Parts(ImportContext context, Value value, Value sizes, int axis, int parts) =>
        context.EmitMany(BuiltinOperator.SplitV, new SplitVOptions { NumSplits = parts }, parts, value, sizes, Axis(context, axis));

    private static Value Axis(ImportContext context, int axis) => ConstantData.Scalar($"{context.Node.Name}/axis", axis);

    private static int? Length(ImportContext context, Value value, int axis)
    {
        int rank = context.Rank(1), positive = axis < 0 ? axis + rank : axis;
        return (uint)positive < (uint)rank && value.Shape[positive].IsKnown ? value.Shape[positive].Value : null;
    }

    private static int Count(ImportContext context, long number) => number is >= 0 and <= ushort.MaxValue ? (int)number : throw context.Refuse($"it makes {number} parts");
}
