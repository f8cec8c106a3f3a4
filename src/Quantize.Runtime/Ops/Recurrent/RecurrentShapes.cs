using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>Outputs of recurrent cells: the dimensions of the input, the last one that of the weights.</summary>
internal static class RecurrentShapes
{
    /// <summary>The input's shape with <paramref name="last"/> as its innermost dimension.</summary>
    public static void Infer(ShapeContext context, int output, int rank, Dimension last)
    {
        Shape input = context.Shape(0, rank);
        TensorType type = context.Type(0) == TensorType.Float32 ? TensorType.Float32 : context.DeclaredType(output);
        context.Output(output, type, input.HasRank ? input.With(rank - 1, last) : Shape.Unknown);
    }

    /// <summary>Two directions: an output for each, or one in which their rows stand side by side.</summary>
    public static void Infer(ShapeContext context, bool merges, Dimension forwards, Dimension backwards)
    {
        Infer(context, 0, rank: 3, merges ? forwards + backwards : forwards);
        if (!merges)
            Infer(context, 1, rank: 3, backwards);
    }

    /// <summary>Dimension of the weights at that input.</summary>
    public static Dimension Weights(ShapeContext context, int input, int axis)
    {
        Shape weights = context.Shape(input, rank: 2);
        return weights.HasRank ? weights[axis] : throw context.Fail($"has weights of an unknown shape as input {input}");
    }
}
