using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Shape rules that drop or collapse axes.</summary>
internal static class ReductionShapes
{
    public static void ArgMax(ShapeContext context) => ArgExtreme(context, context.OptionsAs<ArgMaxOptions>().OutputType);

    public static void ArgMin(ShapeContext context) => ArgExtreme(context, context.OptionsAs<ArgMinOptions>().OutputType);

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
