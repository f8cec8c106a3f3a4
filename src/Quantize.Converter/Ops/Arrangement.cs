using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>Builtins that move elements without computing, for operations that have no builtin of their own.</summary>
internal readonly struct Arrangement(ImportContext context)
{
    /// <summary>A constant vector of the node's.</summary>
    public Value Vector(string part, params ReadOnlySpan<int> numbers) => ConstantData.Of($"{context.Node.Name}/{part}", numbers);

    /// <summary>Output dimension i is input dimension <paramref name="permutation"/>[i].</summary>
    public Value Transpose(Value value, params int[] permutation) =>
        permutation.SequenceEqual(Enumerable.Range(0, permutation.Length)) ? value : context.Emit(BuiltinOperator.Transpose, value, Vector("permutation", permutation));

    public Value SwapLastTwo(Value value)
    {
        int rank = value.Shape.Rank;
        return Transpose(value, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
    }

    /// <summary>The same elements in a shape that may depend on lengths that only a run knows.</summary>
    public Value Reshape(Value value, params IReadOnlyList<Extent> shape)
    {
        if (shape.All(extent => extent.IsKnown) && value.Shape.IsStatic && value.Shape.ToArray().SequenceEqual(shape.Select(extent => extent.Number)))
            return value;
        return context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), value, ShapeVector(shape));
    }

    /// <summary>A constant with -1 in the place of the only open dimension; else a vector computed from the shapes that the lengths stand in.</summary>
    private Value ShapeVector(IReadOnlyList<Extent> shape)
    {
        if (shape.Count(extent => !extent.IsKnown) <= 1)
            return Vector("shape", [.. shape.Select(extent => extent.IsKnown ? extent.Number : -1)]);
        return Computed(shape);
    }

    /// <summary>A vector of lengths, each known when the plan is made.</summary>
    public Value Computed(IReadOnlyList<Extent> shape)
    {
        if (shape.All(extent => extent.IsKnown))
            return Vector("shape", [.. shape.Select(extent => extent.Number)]);
        var arrangement = this;
        Value[] parts = [.. shape.Select(arrangement.Scalar)];
        return context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = parts.Length }, parts);
    }

    /// <summary>A length as a scalar.</summary>
    public Value Scalar(Extent extent)
    {
        Value? product = extent.Number == 1 && !extent.IsKnown ? null : ConstantData.Scalar($"{context.Node.Name}/length", extent.Number);
        foreach ((Value source, int axis) in extent.Open)
        {
            Value length = Length(source, axis);
            product = product is null ? length : context.Emit(BuiltinOperator.Mul, product, length);
        }

        return product!;
    }

    private Value Length(Value source, int axis)
    {
        Value shape = context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, source);
        return context.Emit(BuiltinOperator.StridedSlice, new StridedSliceOptions { ShrinkAxisMask = 1 }, shape, Vector("axis", axis), Vector("axis_end", axis + 1), Vector("step", 1));
    }

    /// <summary>Widths [rank, 2] in one row: before and behind each dimension.</summary>
    public Value Pad(Value value, params int[] widths) =>
        Array.TrueForAll(widths, width => width == 0) ? value : context.Emit(BuiltinOperator.Pad, value, Widths(widths));

    public Value Pad(Value value, Value filling, params int[] widths) =>
        Array.TrueForAll(widths, width => width == 0) ? value : context.Emit(BuiltinOperator.Padv2, value, Widths(widths), filling);

    private Value Widths(int[] widths) => ConstantData.Reshaped(Vector("paddings", widths), widths.Length / 2, 2);

    public Value Concatenate(int axis, params Value[] parts) =>
        parts is [Value only] ? only : context.Emit(BuiltinOperator.Concatenation, new ConcatenationOptions { Axis = axis }, parts);

    public Value Gather(Value value, Value indices, int axis) => context.Emit(BuiltinOperator.Gather, new GatherOptions { Axis = axis }, value, indices);

    /// <summary>From <paramref name="begin"/> to before <paramref name="end"/> of one axis in steps; a null bound is the axis' own.</summary>
    public Value Slice(Value value, int axis, Value? begin, Value? end) => Slice(value, axis, begin, end, 1);

    public Value Slice(Value value, int axis, int? begin, int? end, int step = 1) =>
        Slice(value, axis, begin is { } first ? Vector("begin", At(axis, first)) : null, end is { } last ? Vector("end", At(axis, last)) : null, step);

    private Value Slice(Value value, int axis, Value? begin, Value? end, int step)
    {
        int open = (1 << axis) - 1, own = 1 << axis;
        var options = new StridedSliceOptions { BeginMask = begin is null ? open | own : open, EndMask = end is null ? open | own : open };
        var steps = new int[axis + 1];
        Array.Fill(steps, 1);
        steps[axis] = step;
        return context.Emit(BuiltinOperator.StridedSlice, options, value, begin ?? Vector("begin", At(axis, 0)), end ?? Vector("end", At(axis, 0)), Vector("steps", steps));
    }

    private static int[] At(int axis, int number)
    {
        var numbers = new int[axis + 1];
        numbers[axis] = number;
        return numbers;
    }
}
