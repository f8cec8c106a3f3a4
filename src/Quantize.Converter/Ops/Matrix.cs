using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>Diagonals of matrices.</summary>
internal static class Matrix
{
    public static Value[] Diag(ImportContext context) => [context.Emit(BuiltinOperator.MatrixDiag, context.Input(0))];

    /// <summary>The main diagonal of square matrices of zeros is all that MATRIX_DIAG makes.</summary>
    public static Value[] DiagV3(ImportContext context)
    {
        bool isPlain = IsZero(context, 1) && IsOpenOr(context, 2) && IsOpenOr(context, 3) && IsZero(context, 4);
        return isPlain ? Diag(context) : throw context.Refuse("only the main diagonal of square matrices, zero elsewhere, is supported");
    }

    public static Value[] SetDiag(ImportContext context) => [context.Emit(BuiltinOperator.MatrixSetDiag, context.Input(0), context.Input(1))];

    public static Value[] SetDiagV3(ImportContext context) =>
        IsZero(context, 2) ? SetDiag(context) : throw context.Refuse("only the main diagonal can be set");

    /// <summary>What lies within the band stays: a constant mask of ones and zeros chooses.</summary>
    public static Value[] BandPart(ImportContext context)
    {
        Value input = context.Input(0);
        int below = context.Integer(1), above = context.Integer(2);
        if (input.Shape is not { HasRank: true, Rank: >= 2 } shape || !shape[^1].IsKnown || !shape[^2].IsKnown)
            throw context.Refuse("the matrices have open dimensions");
        int rows = shape[^2].Value, columns = shape[^1].Value;
        var mask = new byte[rows * columns];
        for (int i = 0; i < mask.Length; i++)
        {
            int offset = i % columns - i / columns;
            mask[i] = (below < 0 || -offset <= below) && (above < 0 || offset <= above) ? (byte)1 : (byte)0;
        }

        var formula = new Formula(context);
        Value band = Value.Constant($"{context.Node.Name}/band", TensorType.Bool, [rows, columns], mask);
        return [formula.Select(band, input, formula.Number(input.Type, 0))];
    }

    private static bool IsZero(ImportContext context, int input) =>
        context.Input(input).IsConstant && context.Input(input).Data.Span.IndexOfAnyExcept((byte)0) < 0;

    private static bool IsOpenOr(ImportContext context, int input) => context.Integer(input) == -1;
}
