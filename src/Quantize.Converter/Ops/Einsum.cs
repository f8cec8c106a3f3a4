using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// A product of labelled dimensions as transpositions, one matrix product and reshapes. Labels fall into four kinds: batch (in both operands and the result), left and
/// right (in one and the result), and contracted (in both, not in the result).
/// </summary>
internal sealed class Einsum
{
    private readonly ImportContext _context;
    private readonly Dictionary<char, (Value Operand, int Axis)> _origins = [];

    private Einsum(ImportContext context) => _context = context;

    public static Value[] Import(ImportContext context)
    {
        string[] sides = context.Node.Attribute("equation", "").Replace(" ", "").Split("->");
        if (sides.Length != 2 || sides[0].Contains('.'))
            throw context.Refuse($"the equation '{context.Node.Attribute("equation", "")}' has an ellipsis or no result");
        string[] operands = sides[0].Split(',');
        if (operands.Length != context.InputCount || operands.Length > 2 || operands.Append(sides[1]).Any(labels => labels.Distinct().Count() != labels.Length))
            throw context.Refuse($"the equation '{context.Node.Attribute("equation", "")}' repeats a label or has more than two operands");
        for (int i = 0; i < operands.Length; i++)
        {
            if (context.Rank(i) != operands[i].Length)
                throw new GraphException(context.Node.Name, $"the equation gives operand {i} {operands[i].Length} dimensions; it has {context.Rank(i)}");
        }

        var einsum = new Einsum(context);
        return [operands.Length == 1 ? einsum.One(operands[0], sides[1]) : einsum.Two(operands[0], operands[1], sides[1])];
    }

    private Value One(string labels, string result) => Transposed(Summed(_context.Input(0), ref labels, result), labels, result);

    private Value Two(string left, string right, string result)
    {
        Note(_context.Input(0), left);
        Note(_context.Input(1), right);
        Value a = Summed(_context.Input(0), ref left, right + result), b = Summed(_context.Input(1), ref right, left + result);
        string batch = Of(result, label => left.Contains(label) && right.Contains(label));
        string rows = Of(left, label => !right.Contains(label)), columns = Of(right, label => !left.Contains(label));
        string contracted = Of(left, label => right.Contains(label) && !result.Contains(label));
        Value product = batch.Length == 0 && _context.IsFixed(1)
            ? Dense(a, b, left, right, rows, columns, contracted)
            : Batched(a, b, left, right, batch, rows, columns, contracted);
        return Transposed(product, batch + rows + columns, result);
    }

    /// <summary>Weights on the right: FULLY_CONNECTED, which quantizes.</summary>
    private Value Dense(Value a, Value b, string left, string right, string rows, string columns, string contracted)
    {
        Value inputs = Merged(Transposed(a, left, rows + contracted), rows + contracted, [.. rows.Select(label => label.ToString()), contracted]);
        Value weights = Merged(Transposed(b, right, columns + contracted), columns + contracted, [columns, contracted]);
        Value product = _context.Emit(BuiltinOperator.FullyConnected, new FullyConnectedOptions { KeepNumDims = rows.Length > 0 }, inputs, weights, null);
        return Merged(product, rows + columns, [.. (rows + columns).Select(label => label.ToString())]);
    }

    private Value Batched(Value a, Value b, string left, string right, string batch, string rows, string columns, string contracted)
    {
        string[] dimensions = [.. batch.Select(label => label.ToString())];
        Value x = Merged(Transposed(a, left, batch + rows + contracted), batch + rows + contracted, [.. dimensions, rows, contracted]);
        Value y = Merged(Transposed(b, right, batch + contracted + columns), batch + contracted + columns, [.. dimensions, contracted, columns]);
        Value product = _context.Emit(BuiltinOperator.BatchMatmul, new BatchMatMulOptions(), x, y);
        return Merged(product, batch + rows + columns, [.. (batch + rows + columns).Select(label => label.ToString())]);
    }

    private void Note(Value operand, string labels)
    {
        for (int axis = 0; axis < labels.Length; axis++)
        {
            if (!_origins.TryGetValue(labels[axis], out (Value Operand, int Axis) known) || !known.Operand.Shape[known.Axis].IsKnown)
                _origins[labels[axis]] = (operand, axis);
        }
    }

    private static string Of(string labels, Func<char, bool> condition) => string.Concat(labels.Where(condition));

    /// <summary>Labels that nothing else mentions are summed over.</summary>
    private Value Summed(Value value, ref string labels, string mentioned)
    {
        string all = labels;
        int[] axes = [.. Enumerable.Range(0, all.Length).Where(axis => !mentioned.Contains(all[axis]))];
        labels = Of(all, mentioned.Contains);
        return axes.Length == 0 ? value : _context.Emit(BuiltinOperator.Sum, value, ConstantData.Of($"{_context.Node.Name}/axes", axes));
    }

    private Value Transposed(Value value, string from, string to)
    {
        if (from == to)
            return value;
        int[] permutation = [.. to.Select(label => from.IndexOf(label))];
        return _context.Emit(BuiltinOperator.Transpose, value, ConstantData.Of($"{_context.Node.Name}/permutation", permutation));
    }

    /// <summary>Reshapes so that each group of labels is one dimension; an empty group is 1.</summary>
    private Value Merged(Value value, string labels, string[] groups)
    {
        bool isSame = value.Shape.Rank == groups.Length && groups.All(group => group.Length == 1) && string.Concat(groups) == labels;
        if (isSame)
            return value;
        Dimension[] dimensions = [.. groups.Select(group => group.Aggregate((Dimension)1, (product, label) => product * SizeOf(label)))];
        Value shape = dimensions.Count(dimension => !dimension.IsKnown) <= 1
            ? ConstantData.Of($"{_context.Node.Name}/shape", [.. dimensions.Select(dimension => dimension.IsKnown ? dimension.Value : -1)])
            : _context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = groups.Length }, [.. groups.Select(Count)]);
        return _context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), value, shape);
    }

    private Dimension SizeOf(char label) => _origins[label].Operand.Shape[_origins[label].Axis];

    /// <summary>The size of a group of labels as a scalar that the plan computes.</summary>
    private Value Count(string group)
    {
        Value count = ConstantData.Scalar($"{_context.Node.Name}/one", 1);
        foreach (char label in group)
        {
            (Value operand, int axis) = _origins[label];
            Value size = SizeOf(label).IsKnown
                ? ConstantData.Scalar($"{_context.Node.Name}/{label}", SizeOf(label).Value)
                : _context.Emit(
                    BuiltinOperator.Gather, new GatherOptions(), _context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, operand),
                    ConstantData.Scalar($"{_context.Node.Name}/axis", axis));
            count = group.Length == 1 ? size : _context.Emit(BuiltinOperator.Mul, count, size);
        }

        return count;
    }
}
