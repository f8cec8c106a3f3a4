using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// Diagonals of matrices. MATRIX_DIAG and MATRIX_SET_DIAG know the main one; every other band is a GATHER by a constant table of places, with one element more for
/// what lies outside.
/// </summary>
internal static class Matrix
{
    public static Value[] Diag(ImportContext context) => [context.Emit(BuiltinOperator.MatrixDiag, context.Input(0))];

    /// <summary>Inputs: diagonals, their numbers, rows, columns, what stands elsewhere.</summary>
    public static Value[] DiagBand(ImportContext context)
    {
        Value diagonals = context.Input(0), padding = context.Input(4);
        (int low, int high) = Range(context, 1);
        int rows = context.Integer(2), columns = context.Integer(3);
        Dimension longest = diagonals.Shape is { HasRank: true, Rank: > 0 } stored ? stored[^1] : throw context.Refuse("its diagonals have no known length");
        bool isMain = low == 0 && high == 0 && IsZero(padding) && (rows < 0 || longest == rows) && (columns < 0 || longest == columns);
        if (isMain)
            return Diag(context);
        if (!longest.IsKnown)
            throw context.Refuse("its diagonals have no known length");
        (rows, columns) = Size(longest.Value, low, high, rows, columns);
        return [Spread(context, diagonals, Band(context, rows, columns, low, high), padding)];
    }

    /// <summary>The main diagonal of tensors of twice the rank.</summary>
    public static Value[] DiagOfTensor(ImportContext context)
    {
        Value value = context.Input(0);
        context.Rank(0);
        var arrangement = new Arrangement(context);
        Extent[] shape = Extent.All(value);
        Value matrix = context.Emit(BuiltinOperator.MatrixDiag, arrangement.Reshape(value, shape.Aggregate(Extent.One, (product, extent) => product * extent)));
        return [arrangement.Reshape(matrix, [.. shape, .. shape])];
    }

    /// <summary>Of a tensor whose dimensions stand there twice.</summary>
    public static Value[] DiagPartOfTensor(ImportContext context)
    {
        Value value = context.Input(0);
        if (context.Rank(0) % 2 != 0 || !value.Shape.IsStatic)
            throw context.Refuse($"it takes the diagonal of {value.Shape}");
        int[] shape = value.Shape.ToArray()[..(context.Rank(0) / 2)];
        int length = shape.Aggregate(1, (product, dimension) => checked(product * dimension));
        var arrangement = new Arrangement(context);
        Value flat = arrangement.Reshape(value, checked(length * length));
        return [arrangement.Reshape(arrangement.Slice(flat, 0, null, null, length + 1), [.. shape.Select(dimension => (Extent)dimension)])];
    }

    public static Value[] DiagPart(ImportContext context) => [Part(context, 0, 0, null)];

    /// <summary>Inputs: matrices, numbers of the diagonals, what fills short ones up.</summary>
    public static Value[] DiagBandPart(ImportContext context)
    {
        (int low, int high) = Range(context, 1);
        return [Part(context, low, high, context.Input(2))];
    }

    public static Value[] SetDiag(ImportContext context) => [context.Emit(BuiltinOperator.MatrixSetDiag, context.Input(0), context.Input(1))];

    /// <summary>Inputs: matrices, diagonals, their numbers.</summary>
    public static Value[] SetDiagBand(ImportContext context)
    {
        (int low, int high) = Range(context, 2);
        if (low == 0 && high == 0)
            return SetDiag(context);
        Value matrices = context.Input(0);
        MatrixBand band = BandOf(context, matrices, low, high);
        Value spread = Spread(context, context.Input(1), band, new Formula(context).Number(matrices.Type, 0));
        return [new Formula(context).Select(Mask(context, band), spread, matrices)];
    }

    /// <summary>What lies further below or above the main diagonal than the two numbers say becomes 0; a negative one keeps all.</summary>
    public static Value[] BandPart(ImportContext context)
    {
        Value matrices = context.Input(0);
        int rank = context.Rank(0), below = context.Integer(1), above = context.Integer(2);
        var formula = new Formula(context);
        bool isStatic = rank >= 2 && matrices.Shape[^2].IsKnown && matrices.Shape[^1].IsKnown;
        Value mask = isStatic
            ? Mask(context, BandOf(context, matrices, below < 0 ? -matrices.Shape[^2].Value : -below, above < 0 ? matrices.Shape[^1].Value : above))
            : OpenMask(context, matrices, below, above);
        return [formula.Select(mask, matrices, formula.Number(matrices.Type, 0))];
    }

    private static Value OpenMask(ImportContext context, Value matrices, int below, int above)
    {
        var formula = new Formula(context);
        Value difference = formula.Sub(Counted(context, matrices, ^1, 0), Counted(context, matrices, ^2, 1));
        Value notBelow = context.Emit(BuiltinOperator.GreaterEqual, difference, formula.Number(TensorType.Int32, below < 0 ? -int.MaxValue : -below));
        Value notAbove = context.Emit(BuiltinOperator.LessEqual, difference, formula.Number(TensorType.Int32, above < 0 ? int.MaxValue : above));
        return context.Emit(BuiltinOperator.LogicalAnd, notBelow, notAbove);
    }

    /// <summary>0, 1, 2... along one axis of the matrices, as a row or a column.</summary>
    private static Value Counted(ImportContext context, Value matrices, Index axis, int newAxis)
    {
        var formula = new Formula(context);
        Value length = new Arrangement(context).Scalar(Extent.Of(matrices, axis.GetOffset(matrices.Shape.Rank)));
        Value counted = context.Emit(BuiltinOperator.Range, formula.Number(TensorType.Int32, 0), length, formula.Number(TensorType.Int32, 1));
        return context.Emit(BuiltinOperator.ExpandDims, counted, formula.Number(TensorType.Int32, newAxis));
    }

    private static Value Mask(ImportContext context, MatrixBand band)
    {
        var mask = new byte[checked(band.Rows * band.Columns)];
        for (int at = 0; at < mask.Length; at++)
            mask[at] = band.Contains(at / band.Columns, at % band.Columns) ? (byte)1 : (byte)0;
        return Value.Constant($"{context.Node.Name}/band", TensorType.Bool, [band.Rows, band.Columns], mask);
    }

    /// <summary>[..., diagonals, longest] or [..., longest] -> [..., rows, columns].</summary>
    private static Value Spread(ImportContext context, Value diagonals, MatrixBand band, Value padding)
    {
        int batch = diagonals.Shape.Rank - (band.Diagonals == 1 ? 1 : 2), stored = band.Diagonals * band.Longest;
        return Picked(context, diagonals, batch, stored, band.StoredPlaces(stored), [band.Rows, band.Columns], padding);
    }

    private static Value Part(ImportContext context, int low, int high, Value? padding)
    {
        Value matrices = context.Input(0);
        MatrixBand band = BandOf(context, matrices, low, high);
        int[] shape = band.Diagonals == 1 ? [band.Longest] : [band.Diagonals, band.Longest];
        int elements = band.Rows * band.Columns;
        return Picked(context, matrices, matrices.Shape.Rank - 2, elements, band.MatrixPlaces(elements), shape, padding ?? new Formula(context).Number(matrices.Type, 0));
    }

    /// <summary>Of the last dimensions, seen as one of <paramref name="length"/> elements, those at the places; the place behind the last is the padding.</summary>
    private static Value Picked(ImportContext context, Value value, int batch, int length, int[] places, int[] shape, Value padding)
    {
        var arrangement = new Arrangement(context);
        Extent[] leading = Extent.All(value)[..batch];
        Value flat = arrangement.Reshape(value, [.. leading, length]);
        if (places.Contains(length))
        {
            var widths = new int[2 * (batch + 1)];
            widths[^1] = 1;
            flat = arrangement.Pad(flat, padding, widths);
        }

        return arrangement.Gather(flat, ConstantData.Reshaped(arrangement.Vector("places", places), shape), batch);
    }

    private static MatrixBand BandOf(ImportContext context, Value matrices, int low, int high) =>
        matrices.Shape is { HasRank: true, Rank: >= 2 } shape && shape[^2].IsKnown && shape[^1].IsKnown
            ? Band(context, shape[^2].Value, shape[^1].Value, low, high)
            : throw context.Refuse($"its matrices {matrices.Shape} have no known size");

    /// <summary>Without the attribute, short diagonals stand left.</summary>
    private static MatrixBand Band(ImportContext context, int rows, int columns, int low, int high)
    {
        string absent = context.Node.Op.EndsWith("V3", StringComparison.Ordinal) ? "RIGHT_LEFT" : "LEFT_LEFT";
        (bool isLeftAbove, bool isLeftBelow) = MatrixBand.Alignment(context.Node.Attribute("align", absent));
        return new MatrixBand(rows, columns, low, high, isLeftAbove, isLeftBelow);
    }

    /// <summary>The smallest matrix that holds such diagonals, where its size is not given.</summary>
    private static (int Rows, int Columns) Size(int longest, int low, int high, int rows, int columns)
    {
        int leastRows = longest - Math.Min(high, 0), leastColumns = longest + Math.Max(low, 0);
        if (rows < 0 && columns < 0)
            return (Math.Max(leastRows, leastColumns), Math.Max(leastRows, leastColumns));
        return (rows < 0 ? leastRows : rows, columns < 0 ? leastColumns : columns);
    }

    private static (int Low, int High) Range(ImportContext context, int input) => context.Integers(input) switch
    {
        [int only] => (only, only),
        [int low, int high] when low <= high => (low, high),
        int[] numbers => throw context.Refuse($"it has the diagonals [{string.Join(',', numbers)}]"),
    };

    private static bool IsZero(Value value) => value.IsConstant && value.Data.Span.IndexOfAnyExcept((byte)0) < 0;
}
