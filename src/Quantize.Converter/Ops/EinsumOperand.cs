using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>A tensor whose dimensions have labels: letters, and numbers for those that an ellipsis stands for.</summary>
internal sealed record EinsumOperand(ImportContext Context, Value Value, string Labels)
{
    /// <summary>The first character for the dimensions of an ellipsis; the last of them is always this one.</summary>
    public const char LastOfEllipsis = '\u2000';

    private Arrangement Arrangement => new(Context);

    public Extent ExtentOf(char label) => Extent.Of(Value, Labels.IndexOf(label));

    /// <summary>A label that stands twice means the diagonal.</summary>
    public EinsumOperand WithoutRepetitions()
    {
        for (int first = 0; first < Labels.Length; first++)
        {
            int second = Labels.IndexOf(Labels[first], first + 1);
            if (second >= 0)
                return Diagonal(first, second).WithoutRepetitions();
        }

        return this;
    }

    /// <summary>Adds up along the labels that are not among these.</summary>
    public EinsumOperand SumOfOthers(string kept)
    {
        int[] axes = [.. Enumerable.Range(0, Labels.Length).Where(axis => !kept.Contains(Labels[axis], StringComparison.Ordinal))];
        if (axes.Length == 0)
            return this;
        Value sum = Context.Emit(BuiltinOperator.Sum, new ReducerOptions(), Value, Arrangement.Vector("axes", axes));
        return this with { Value = sum, Labels = string.Concat(Labels.Where(label => kept.Contains(label, StringComparison.Ordinal))) };
    }

    /// <summary>The same tensor with its dimensions in the order of these labels.</summary>
    public EinsumOperand InOrder(string labels)
    {
        int[] permutation = [.. labels.Select(label => Labels.IndexOf(label))];
        bool isOrdered = permutation.SequenceEqual(Enumerable.Range(0, permutation.Length));
        return isOrdered ? this : this with { Value = Value.IsConstant ? ConstantData.Transposed(Value, permutation) : Arrangement.Transpose(Value, permutation), Labels = labels };
    }

    /// <summary>The dimensions of a group of neighbouring labels become one; there need not be any.</summary>
    public Value Merged(params string[] groups)
    {
        EinsumOperand operand = this;
        return Arrangement.Reshape(Value, [.. groups.Select(group => group.Aggregate(Extent.One, (product, label) => product * operand.ExtentOf(label)))]);
    }

    /// <summary>The tensor with a 1 in the place of every label that it does not have.</summary>
    public Value Among(string labels)
    {
        EinsumOperand ordered = InOrder(string.Concat(labels.Where(label => Labels.Contains(label, StringComparison.Ordinal))));
        return Arrangement.Reshape(ordered.Value, [.. labels.Select(label => ordered.Labels.Contains(label, StringComparison.Ordinal) ? ordered.ExtentOf(label) : 1)]);
    }

    private EinsumOperand Diagonal(int first, int second)
    {
        if (Value.Shape[first] is not { IsKnown: true } length || Value.Shape[second] != length)
            throw Context.Refuse($"a label that stands twice wants two equal known dimensions, not {Value.Shape}");
        int[] permutation = [first, second, .. Enumerable.Range(0, Labels.Length).Where(axis => axis != first && axis != second)];
        Value inFront = Arrangement.Transpose(Value, permutation);
        Extent[] others = Extent.All(inFront)[2..];
        Value flat = Arrangement.Reshape(inFront, [checked(length.Value * length.Value), .. others]);
        return this with { Value = Arrangement.Slice(flat, 0, (int?)null, null, length.Value + 1), Labels = Labels[first] + Labels.Remove(second, 1).Remove(first, 1) };
    }
}
