using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>BITCAST: the same bytes as another type; a narrower one gets a dimension for the parts, a wider one takes the last dimension away. The type is the output tensor's.</summary>
internal static class BitcastOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Bitcast, Infer, context => new CopyStep(context.Input(0), context.Output(0))) { KeepsElements = true };

    private static void Infer(ShapeContext context)
    {
        TensorType type = context.DeclaredType(0);
        Shape input = context.Shape(0);
        int from = context.Type(0).Bits(), to = type.Bits();
        if (from == 0 || to == 0)
            throw context.Fail($"casts {context.Type(0)} to {type}");
        if (!input.HasRank)
            context.Output(0, type, Shape.Unknown);
        else if (from == to)
            context.Output(0, type, input);
        else if (from > to)
            context.Output(0, type, Shape.Of([.. input.Dimensions, from / to]));
        else if (input.Rank > 0 && (!input[^1].IsKnown || input[^1].Value == to / from))
            context.Output(0, type, Shape.Of([.. input.Dimensions.SkipLast(1)]));
        else
            throw context.Fail($"casts {context.Type(0)}{input} to {type}: the last dimension must be {to / from}");
    }
}
