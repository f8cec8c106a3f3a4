using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>MATRIX_DIAG puts the last dimension on the diagonal of zeros, MATRIX_SET_DIAG on the diagonal of given matrices.</summary>
internal static class MatrixOperator
{
    public static OperatorDefinition Diag { get; } = new(BuiltinOperator.MatrixDiag, InferDiag, context => new DiagonalStep(null, context.Input(0), context.Output(0), context.ElementBytes(context.Input(0))));

    public static OperatorDefinition SetDiag { get; } = new(BuiltinOperator.MatrixSetDiag, ElementwiseShapes.Unary, PrepareSetDiag);

    private static void InferDiag(ShapeContext context)
    {
        Shape input = context.Shape(0);
        context.Output(0, context.Type(0), input.HasRank ? Shape.Of([.. input.Dimensions, input[^1]]) : Shape.Unknown);
    }

    private static DiagonalStep PrepareSetDiag(PrepareContext context)
    {
        TensorSlot matrices = context.Input(0), diagonals = context.Input(1);
        int[] shape = matrices.Shape;
        if (shape.Length < 2 || matrices.Type != diagonals.Type || !diagonals.Shape.AsSpan().SequenceEqual([.. shape[..^2], Math.Min(shape[^2], shape[^1])]))
            throw context.Fail($"sets {diagonals} as the diagonal of {matrices}");
        return new DiagonalStep(matrices, diagonals, context.Output(0), context.ElementBytes(matrices));
    }

    private sealed class DiagonalStep(TensorSlot? matrices, TensorSlot diagonals, TensorSlot output, int elementBytes) : Step
    {
        public override string Kernel => "matrix diagonal";

        public override void Run(in RunContext context)
        {
            Span<byte> target = context.Write<byte>(output);
            if (matrices is null)
                target.Clear();
            else
                context.Read<byte>(matrices).CopyTo(target);
            ReadOnlySpan<byte> source = context.Read<byte>(diagonals);
            int rows = output.Shape[^2], columns = output.Shape[^1], length = Math.Min(rows, columns);
            int count = length == 0 ? 0 : output.ElementCount / (rows * columns);
            for (int matrix = 0; matrix < count; matrix++)
            {
                for (int i = 0; i < length; i++)
                    source.Slice((matrix * length + i) * elementBytes, elementBytes).CopyTo(target[(((matrix * rows + i) * columns + i) * elementBytes)..]);
            }
        }
    }
}
