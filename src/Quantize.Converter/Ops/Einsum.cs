using Quantize.Converter.Graphs;

namespace Quantize.Converter.Ops;

/// <summary>
/// Einstein sums of one or two tensors: what only one of them has is added up first; then a product of matrices, [batch, rows, depth] x [batch, depth, columns], or a
/// MUL where nothing is left to add up; TRANSPOSE and RESHAPE only where the order of the labels asks for them.
/// </summary>
internal sealed class Einsum
{
    private readonly ImportContext _context;
    private readonly string _output;

    private Einsum(ImportContext context, string output)
    {
        _context = context;
        _output = output;
    }

    public static Value[] Import(ImportContext context)
    {
        string equation = context.Node.Attribute("equation", "").Replace(" ", "", StringComparison.Ordinal);
        if (equation.Split("->") is not [string left, string right] || left.Split(',') is not { Length: 1 or 2 } terms || terms.Length != context.InputCount)
            throw context.Refuse($"equation {equation}");
        EinsumOperand[] operands = [.. terms.Select((term, i) => Operand(context, i, term, equation).WithoutRepetitions())];
        string output = Expanded(right, operands.Max(operand => operand.Labels.Count(label => label >= EinsumOperand.LastOfEllipsis)));
        if (output.Distinct().Count() != output.Length || output.Any(label => !operands.Any(operand => operand.Labels.Contains(label, StringComparison.Ordinal))))
            throw context.Refuse($"equation {equation}: its result repeats or invents a label");
        var einsum = new Einsum(context, output);
        return [operands is [EinsumOperand only] ? only.SumOfOthers(output).InOrder(output).Value : einsum.Product(operands[0], operands[1])];
    }

    private static EinsumOperand Operand(ImportContext context, int input, string term, string equation)
    {
        int rank = context.Rank(input), letters = term.Replace("...", "", StringComparison.Ordinal).Length;
        string labels = Expanded(term, rank - letters);
        return labels.Length == rank ? new EinsumOperand(context, context.Input(input), labels) : throw context.Refuse($"equation {equation}, but the input has {rank} dimensions");
    }

    /// <summary>Dimensions behind an ellipsis are counted from the last one: that is how they meet each other.</summary>
    private static string Expanded(string term, int count)
    {
        string ellipsis = count > 0 ? string.Concat(Enumerable.Range(0, count).Reverse().Select(i => (char)(EinsumOperand.LastOfEllipsis + i))) : "";
        return term.Replace("...", ellipsis, StringComparison.Ordinal);
    }

    private Value Product(EinsumOperand left, EinsumOperand right)
    {
        left = left.SumOfOthers(_output + right.Labels);
        right = right.SumOfOthers(_output + left.Labels);
        if (left.Labels.All(label => Has(_output, label)))
            return new Formula(_context).Mul(left.Among(_output), right.Among(_output));
        bool turnsRound = !ImportContext.IsFixed(right.Value) && Place(right, left) < Place(left, right);
        (left, right) = turnsRound ? (right, left) : (left, right);

        string batch = Of(_output, label => Has(left.Labels, label) && Has(right.Labels, label));
        string rows = Of(_output, label => Has(left.Labels, label) && !Has(right.Labels, label));
        string columns = Of(_output, label => Has(right.Labels, label) && !Has(left.Labels, label));
        string summed = Of(left.Labels, label => !Has(_output, label));
        EinsumOperand product = batch.Length == 0 && ImportContext.IsFixed(right.Value)
            ? Dense(left, right, rows, columns, summed)
            : Batched(left, right, batch, rows, columns, summed);
        return product.InOrder(_output).Value;
    }

    /// <summary>Weights on the right: FULLY_CONNECTED leaves the rows' dimensions as they are.</summary>
    private EinsumOperand Dense(EinsumOperand left, EinsumOperand right, string rows, string columns, string summed)
    {
        string[] each = rows.Length == 0 ? [""] : [.. rows.Select(label => $"{label}")];
        Value operand = left.InOrder(rows + summed).Merged([.. each, summed]);
        Value weights = right.InOrder(columns + summed).Merged(columns, summed);
        Value product = FullyConnected.Product(_context, operand, weights, transposeLeft: false, transposeRight: true);
        return Parted(product, rows + columns, [.. rows.Select(left.ExtentOf), .. columns.Select(right.ExtentOf)]);
    }

    /// <summary>An operand whose last two groups stand the other way round is taken as transposed.</summary>
    private EinsumOperand Batched(EinsumOperand left, EinsumOperand right, string batch, string rows, string columns, string summed)
    {
        string[] each = [.. batch.Select(label => $"{label}")];
        bool transposeLeft = left.Labels == batch + summed + rows && left.Labels != batch + rows + summed;
        bool transposeRight = right.Labels == batch + columns + summed && right.Labels != batch + summed + columns;
        Value a = transposeLeft ? left.Merged([.. each, summed, rows]) : left.InOrder(batch + rows + summed).Merged([.. each, rows, summed]);
        Value b = transposeRight ? right.Merged([.. each, columns, summed]) : right.InOrder(batch + summed + columns).Merged([.. each, summed, columns]);
        Value product = FullyConnected.Product(_context, a, b, transposeLeft, transposeRight);
        Extent[] extents = [.. batch.Select((_, axis) => Extent.Of(product, axis)), .. rows.Select(left.ExtentOf), .. columns.Select(right.ExtentOf)];
        return Parted(product, batch + rows + columns, extents);
    }

    /// <summary>Dimensions that were merged stand by themselves again.</summary>
    private EinsumOperand Parted(Value product, string labels, Extent[] extents)
    {
        bool isWhole = product.Shape.Rank == extents.Length;
        return new EinsumOperand(_context, isWhole ? product : new Arrangement(_context).Reshape(product, extents), labels);
    }

    /// <summary>Where the labels that only this operand has begin in the result.</summary>
    private int Place(EinsumOperand operand, EinsumOperand other)
    {
        int place = 0;
        while (place < _output.Length && (!Has(operand.Labels, _output[place]) || Has(other.Labels, _output[place])))
            place++;
        return place;
    }

    private static string Of(string labels, Func<char, bool> condition) => string.Concat(labels.Where(condition));

    private static bool Has(string labels, char label) => labels.Contains(label, StringComparison.Ordinal);
}
