using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Operations that move elements, each with a builtin of the same meaning.</summary>
internal static class Layout
{
    public static Value[] Slice(ImportContext context) => [context.Emit(BuiltinOperator.Slice, context.Input(0), context.Index(1), context.Index(2))];

    public static Value[] Tile(ImportContext context) => [context.Emit(BuiltinOperator.Tile, context.Input(0), context.Index(1))];

    public static Value[] BroadcastTo(ImportContext context) => [context.Emit(BuiltinOperator.BroadcastTo, context.Input(0), context.Index(1))];

    public static Value[] BroadcastArgs(ImportContext context) => [context.Emit(BuiltinOperator.BroadcastArgs, context.Input(0), context.Input(1))];

    public static Value[] ReverseV2(ImportContext context)
    {
        int[] axes = context.Integers(1);
        Value reversed = context.Input(0);
        foreach (int axis in axes) // REVERSE_V2 takes neighbouring axes only
            reversed = context.Emit(BuiltinOperator.ReverseV2, reversed, ConstantData.Of($"{context.Node.Name}/axis", axis < 0 ? axis + context.Rank(0) : axis));
        return [reversed];
    }

    public static Value[] ReverseSequence(ImportContext context)
    {
        var options = new ReverseSequenceOptions { SeqDim = (int)context.Node.Attribute("seq_dim", 0L), BatchDim = (int)context.Node.Attribute("batch_dim", 0L) };
        return [context.Emit(BuiltinOperator.ReverseSequence, options, context.Input(0), context.Input(1))];
    }

    public static Value[] SpaceToDepth(ImportContext context) =>
        [context.Emit(BuiltinOperator.SpaceToDepth, new SpaceToDepthOptions { BlockSize = BlockSize(context) }, context.Input(0))];

    public static Value[] DepthToSpace(ImportContext context) =>
        [context.Emit(BuiltinOperator.DepthToSpace, new DepthToSpaceOptions { BlockSize = BlockSize(context) }, context.Input(0))];

    public static Value[] SpaceToBatch(ImportContext context) =>
        [context.Emit(BuiltinOperator.SpaceToBatchNd, context.Input(0), context.Index(1), context.Index(2))];

    public static Value[] BatchToSpace(ImportContext context) =>
        [context.Emit(BuiltinOperator.BatchToSpaceNd, context.Input(0), context.Index(1), context.Index(2))];

    public static Value[] OneHot(ImportContext context) =>
        [context.Emit(BuiltinOperator.OneHot, new OneHotOptions { Axis = (int)context.Node.Attribute("axis", -1L) }, context.Input(0), context.Index(1), context.Input(2), context.Input(3))];

    public static Value[] Range(ImportContext context) => [context.Emit(BuiltinOperator.Range, context.Input(0), context.Input(1), context.Input(2))];

    /// <summary>Elements that leave at one end enter at the other: two slices, the other way round, along each axis.</summary>
    public static Value[] Roll(ImportContext context)
    {
        int[] shifts = context.Integers(1), axes = context.Integers(2);
        int rank = context.Rank(0);
        Value rolled = context.Input(0);
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            if (!rolled.Shape[axis].IsKnown)
                throw context.Refuse($"it rolls along the open dimension {axis}");
            int length = rolled.Shape[axis].Value;
            int shift = length == 0 ? 0 : (shifts[i] % length + length) % length;
            if (shift != 0)
                rolled = Rolled(context, rolled, axis, length - shift);
        }

        return [rolled];
    }

    private static Value Rolled(ImportContext context, Value value, int axis, int cut)
    {
        int rank = value.Shape.Rank;
        int[] zeros = new int[rank], from = new int[rank], all = [.. Enumerable.Repeat(-1, rank)], first = [.. all];
        from[axis] = first[axis] = cut;
        Value begin = context.Emit(BuiltinOperator.Slice, value, ConstantData.Of($"{context.Node.Name}/cut", from), ConstantData.Of($"{context.Node.Name}/rest", all));
        Value end = context.Emit(BuiltinOperator.Slice, value, ConstantData.Of($"{context.Node.Name}/begin", zeros), ConstantData.Of($"{context.Node.Name}/first", first));
        return context.Emit(BuiltinOperator.Concatenation, new ConcatenationOptions { Axis = axis }, begin, end);
    }

    private static int BlockSize(ImportContext context) => context.Node.Attribute("data_format", "NHWC") == "NHWC"
        ? (int)context.Node.Attribute("block_size", 2L)
        : throw context.Refuse($"data_format {context.Node.Attribute("data_format", "NHWC")}; export the model with channels last (NHWC)");
}
