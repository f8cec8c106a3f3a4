using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>REVERSE_V2, whose axes must be neighbours, REVERSE_SEQUENCE, and rolling, which is a cut and an exchange.</summary>
internal static class Reverse
{
    public static Value[] AlongAxes(ImportContext context) => Import(context, context.Integers(1));

    /// <summary>One flag for each dimension.</summary>
    public static Value[] ByFlags(ImportContext context)
    {
        Value flags = context.Input(1);
        if (flags is not { IsConstant: true, Type: TensorType.Bool })
            throw context.Refuse("its dimensions must be a constant");
        byte[] set = flags.Data.ToArray();
        return Import(context, [.. Enumerable.Range(0, set.Length).Where(axis => set[axis] != 0)]);
    }

    public static Value[] Sequence(ImportContext context)
    {
        var options = new ReverseSequenceOptions { SeqDim = (int)context.Node.Attribute("seq_dim", 0L), BatchDim = (int)context.Node.Attribute("batch_dim", 0L) };
        return [context.Emit(BuiltinOperator.ReverseSequence, options, context.Input(0), context.Input(1))];
    }

    /// <summary>The last elements come first, as many as the shift says: along each axis in turn.</summary>
    public static Value[] Roll(ImportContext context)
    {
        Value value = context.Input(0);
        int rank = context.Rank(0);
        int[] shifts = context.Integers(1), axes = context.Integers(2);
        if (shifts.Length != axes.Length || Array.Exists(axes, axis => axis < -rank || axis >= rank))
            throw context.Refuse($"it rolls the axes [{string.Join(',', axes)}] of {value.Shape} by [{string.Join(',', shifts)}]");
        for (int i = 0; i < axes.Length; i++)
            value = Rolled(context, value, (axes[i] + rank) % rank, shifts[i]);
        return [value];
    }

    private static Value Rolled(ImportContext context, Value value, int axis, int shift)
    {
        var arrangement = new Arrangement(context);
        if (value.Shape[axis] is { IsKnown: true } length)
        {
            int count = length.Value == 0 ? 0 : (int)(((long)shift % length.Value + length.Value) % length.Value);
            return count == 0 ? value : arrangement.Concatenate(axis, arrangement.Slice(value, axis, length.Value - count, null), arrangement.Slice(value, axis, null, length.Value - count));
        }

        // The length is known when the plan is made: so is the place of the cut.
        Value open = arrangement.Scalar(Extent.Of(value, axis));
        Value cut = context.Emit(BuiltinOperator.FloorMod, ConstantData.Scalar($"{context.Node.Name}/shift", checked(-shift)), open);
        Value place = context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = axis + 1 }, [.. Enumerable.Repeat(ConstantData.Scalar($"{context.Node.Name}/whole", 0), axis), cut]);
        return arrangement.Concatenate(axis, arrangement.Slice(value, axis, place, null), arrangement.Slice(value, axis, null, place));
    }

    private static Value[] Import(ImportContext context, int[] axes)
    {
        int rank = context.Rank(0);
        Value value = context.Input(0);
        int[] sorted = [.. axes.Select(axis => axis < 0 ? axis + rank : axis).Order()];
        for (int first = 0; first < sorted.Length;)
        {
            int last = first;
            while (last + 1 < sorted.Length && sorted[last + 1] == sorted[last] + 1)
                last++;
            value = context.Emit(BuiltinOperator.ReverseV2, value, new Arrangement(context).Vector("axes", sorted[first..(last + 1)]));
            first = last + 1;
        }

        return [value];
    }
}
