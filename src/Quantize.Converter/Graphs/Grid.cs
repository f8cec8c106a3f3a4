namespace Quantize.Converter.Graphs;

/// <summary>
/// Training has left the floats of a constant on a grid: each is a whole number of steps. There is one step for all of them, or one for each slice along
/// <paramref name="Axis"/>.
/// </summary>
internal sealed record Grid(float[] Steps, int Axis)
{
    private bool IsOne => Steps.Length == 1;

    /// <summary>The grid of the same elements with dimension i where <paramref name="permutation"/>[i] was.</summary>
    public Grid Transposed(int[] permutation) => IsOne ? this : this with { Axis = Array.IndexOf(permutation, Axis) };

    /// <summary>The grid of the same elements in another shape; null where a slice is no slice any more.</summary>
    public Grid? Reshaped(int[] from, int[] to)
    {
        if (IsOne)
            return this;
        long inner = Product(from[(Axis + 1)..]);
        int axis = Array.FindIndex(to, length => length == Steps.Length);
        while (axis >= 0 && Product(to[(axis + 1)..]) != inner)
            axis = Array.FindIndex(to, axis + 1, length => length == Steps.Length);
        return axis < 0 ? null : this with { Axis = axis };
    }

    /// <summary>The grid of the products with one factor for each slice along an axis; null where the grid has slices along another one, or a slice becomes zeros.</summary>
    public Grid? Scaled(int axis, float[] factors, bool divides)
    {
        if (Along(axis, factors.Length) is not { } steps)
            return null;
        float[] scaled = [.. steps.Zip(factors, (step, factor) => MathF.Abs(divides ? step / factor : step * factor))];
        return Array.TrueForAll(scaled, step => float.IsNormal(step)) ? new Grid(scaled, axis) : null;
    }

    /// <summary>The step of each slice along an axis; null where the grid has slices along another one.</summary>
    public float[]? Along(int axis, int length) => IsOne ? [.. Enumerable.Repeat(Steps[0], length)] : Axis == axis ? Steps : null;

    private static long Product(int[] lengths) => lengths.Aggregate(1L, (product, length) => product * length);
}
