using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Shape rules that drop or collapse axes.</summary>
internal static class ReductionShapes
{
    public static void ArgMax(ShapeContext context) => ArgExtreme(context, context.OptionsAs<ArgMaxOptions>().OutputType);

    public static void ArgMin(ShapeContext context) => ArgExtreme(context, context.OptionsAs<ArgMinOptions>().OutputType);

    /// <summary>Axes in input 1; a reduced axis leaves the shape, or stays as 1.</summary>
    public static void Reduce(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(1) is not { } wanted)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        bool keep = context.OptionsAs<ReducerOptions>().KeepDims;
        HashSet<int> axes = input.Rank == 0 ? [] : [.. wanted.Select(axis => context.Axis(axis, input.Rank))];
        List<Dimension> dimensions = [];
        for (int i = 0; i < input.Rank; i++)
        {
            if (!axes.Contains(i))
                dimensions.Add(input[i]);
            else if (keep)
                dimensions.Add(1);
        }

        context.Output(0, context.Type(0), Shape.Of([.. dimensions]));
    }

    private static void ArgExtreme(ShapeContext context, TensorType type)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(1) is not [int wanted])
        {
            context.Output(0, type, Shape.Unknown);
            return;
        }

        int axis = context.Axis(wanted, input.Rank);
        context.Output(0, type, Shape.Of([.. input.Dimensions.Where((_, i) => i != axis)]));
    }
}
