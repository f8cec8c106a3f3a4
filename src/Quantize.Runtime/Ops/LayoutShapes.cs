using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Shape rules of the operators that move elements without computing, and of those that speak of shapes.</summary>
internal static class LayoutShapes
{
    public static void Reshape(ShapeContext context)
    {
        Dimension[]? wanted = context.InputCount > 1 && context.HasInput(1)
            ? context.Values(1)
            : [.. context.OptionsAs<ReshapeOptions>().NewShape.Select(dimension => (Dimension)dimension)];
        Shape shape = wanted is null ? UnknownOfRank(context, 1) : ShapeRules.Reshape(context, context.Shape(0), wanted);
        context.Output(0, context.Type(0), shape, context.Values(0));
    }

    public static void ShapeOf(ShapeContext context)
    {
        Shape input = context.Shape(0);
        Dimension[]? values = input.HasRank ? [.. input.Dimensions] : null;
        Shape shape = values is null ? Shape.Of(Dimension.Symbol("rank")) : Shape.Of(values.Length);
        context.Output(0, context.OptionsAs<ShapeOptions>().OutType, shape, values);
    }

    public static void RankOf(ShapeContext context)
    {
        Shape input = context.Shape(0);
        context.Output(0, TensorType.Int32, Shape.Scalar, input.HasRank ? [input.Rank] : null);
    }

    /// <summary>BROADCAST_ARGS: the shape that two shapes broadcast to.</summary>
    public static void BroadcastArgs(ShapeContext context)
    {
        if (context.Values(0) is not { } a || context.Values(1) is not { } b)
        {
            context.Output(0, context.Type(0), Shape.Of(Dimension.Symbol("rank")));
            return;
        }

        Shape result = ShapeRules.Broadcast(context, Shape.Of(a), Shape.Of(b));
        context.Output(0, context.Type(0), Shape.Of(result.Rank), [.. result.Dimensions]);
    }

    public static void Pack(ShapeContext context)
    {
        var options = context.OptionsAs<PackOptions>();
        Shape input = context.Shape(0);
        if (!input.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        for (int i = 1; i < context.InputCount; i++)
            CheckSameShape(context, input, context.Shape(i));
        List<Dimension> dimensions = [.. input.Dimensions];
        dimensions.Insert(context.Axis(options.Axis, input.Rank + 1), context.InputCount);
        Dimension[]?[] parts = [.. Enumerable.Range(0, context.InputCount).Select(context.Values)];
        bool known = input.Rank == 0 && Array.TrueForAll(parts, part => part is { Length: 1 });
        context.Output(0, context.Type(0), Shape.Of([.. dimensions]), known ? [.. parts.Select(part => part![0])] : null);
    }

    private static void CheckSameShape(ShapeContext context, Shape first, Shape other)
    {
        bool same = !other.HasRank || other.Rank == first.Rank;
        for (int d = 0; same && other.HasRank && d < first.Rank; d++)
            same = first[d] == other[d] || !first[d].IsKnown || !other[d].IsKnown;
        if (!same)
            throw context.Fail($"packs {first} with {other}");
    }

    public static void Transpose(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(1) is not { } permutation)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        int[] axes = [.. permutation.Select(axis => context.Axis(axis, input.Rank))];
        if (axes.Length != input.Rank || axes.Distinct().Count() != input.Rank)
            throw context.Fail($"permutes {input} by [{string.Join(',', permutation)}]");
        context.Output(0, context.Type(0), Shape.Of([.. axes.Select(axis => input[axis])]));
    }

    /// <summary>Input 1 is [rank, 2]: how many elements go before and behind each dimension.</summary>
    public static void Pad(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(1) is not { } paddings)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        if (paddings.Length != 2 * input.Rank || Array.Exists(paddings, padding => padding < 0))
            throw context.Fail($"pads {input} by [{string.Join(',', paddings)}]");
        context.Output(0, context.Type(0), Shape.Of([.. input.Dimensions.Select((dimension, i) => dimension + paddings[2 * i] + paddings[2 * i + 1])]));
    }

    public static void Squeeze(ShapeContext context)
    {
        Shape input = context.Shape(0);
        int[] wanted = context.OptionsAs<SqueezeOptions>().SqueezeDims;
        if (!input.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        HashSet<int> axes = [.. wanted.Select(axis => context.Axis(axis, input.Rank))];
        List<Dimension> kept = [];
        for (int i = 0; i < input.Rank; i++)
        {
            bool drop = wanted.Length == 0 ? input[i] == 1 : axes.Contains(i);
            if (drop && input[i].IsKnown && input[i] != 1)
                throw context.Fail($"drops dimension {i} of {input}, which is not 1");
            if (!drop)
                kept.Add(input[i]);
        }

        context.Output(0, context.Type(0), Shape.Of([.. kept]), context.Values(0));
    }

    public static void ExpandDims(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(1) is not [int axis])
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        List<Dimension> dimensions = [.. input.Dimensions];
        dimensions.Insert(context.Axis(axis, input.Rank + 1), 1);
        context.Output(0, context.Type(0), Shape.Of([.. dimensions]), context.Values(0));
    }

    public static void Concatenation(ShapeContext context)
    {
        Shape first = context.Shape(0);
        if (!first.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        int axis = context.Axis(context.OptionsAs<ConcatenationOptions>().Axis, first.Rank);
        Dimension length = first[axis];
        List<Dimension>? values = context.Values(0) is { } head && first.Rank == 1 ? [.. head] : null;
        for (int i = 1; i < context.InputCount; i++)
        {
            Shape next = context.Shape(i);
            if (!next.HasRank)
            {
                context.Output(0, context.Type(0), first.With(axis, Dimension.Symbol($"concat({length})")));
                return;
            }

            if (next.Rank != first.Rank)
                throw context.Fail($"joins {first} with {next} along axis {axis}");
            for (int d = 0; d < first.Rank; d++)
            {
                if (d != axis && first[d].IsKnown && next[d].IsKnown && first[d] != next[d])
                    throw context.Fail($"joins {first} with {next} along axis {axis}");
            }

            first = Shape.Of([.. first.Dimensions.Select((dimension, d) => dimension.IsKnown || d == axis ? dimension : next[d].IsKnown ? next[d] : dimension)]);
            length += next[axis];
            if (context.Values(i) is { } more)
                values?.AddRange(more);
            else
                values = null;
        }

        context.Output(0, context.Type(0), first.With(axis, length), values?.ToArray());
    }

    private static Shape UnknownOfRank(ShapeContext context, int input)
    {
        Shape shape = context.Shape(input);
        if (!shape.HasRank || shape.Rank != 1 || !shape[0].IsKnown)
            return Shape.Unknown;
        return Shape.Of([.. Enumerable.Range(0, shape[0].Value).Select(i => Dimension.Symbol($"value{i}"))]);
    }
}
