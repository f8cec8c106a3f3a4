using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Weights [outputs, depth]; the input is seen as rows of that depth.</summary>
internal static class FullyConnectedShapes
{
    public static void Infer(ShapeContext context)
    {
        var options = context.OptionsAs<FullyConnectedOptions>();
        TensorType type = context.Type(0) == TensorType.Float32 ? TensorType.Float32 : context.DeclaredType(0);
        Shape input = context.Shape(0);
        Shape weights = context.Shape(1, rank: 2);
        if (!input.HasRank || !weights.HasRank)
        {
            context.Output(0, type, Shape.Unknown);
            return;
        }

        Dimension outputs = weights[0];
        Dimension depth = weights[1];
        if (options.KeepNumDims)
        {
            if (input.Rank == 0 || (input[^1].IsKnown && input[^1] != depth))
                throw context.Fail($"multiplies {input} with weights {weights}");
            context.Output(0, type, input.With(input.Rank - 1, outputs));
            return;
        }

        Shape rows = ShapeRules.Reshape(context, input, [-1, depth]);
        context.Output(0, type, Shape.Of(rows[0], outputs));
    }
}
