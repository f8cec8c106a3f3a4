using Quantize.Converter.Graphs;

namespace Quantize.Converter.Ops;

/// <summary>The length of one dimension of a new shape: a number, times lengths of other tensors that only a run knows.</summary>
internal sealed record Extent(int Number, IReadOnlyList<(Value Source, int Axis)> Open)
{
    public static readonly Extent One = new(1, []);

    public bool IsKnown => Open.Count == 0;

    public static implicit operator Extent(int number) => new(number, []);

    public static Extent operator *(Extent a, Extent b) => new(checked(a.Number * b.Number), [.. a.Open, .. b.Open]);

    public static Extent Of(Value value, int axis) => value.Shape[axis] is { IsKnown: true } known ? known.Value : new Extent(1, [(value, axis)]);

    /// <summary>Every dimension of a tensor of known rank.</summary>
    public static Extent[] All(Value value) => [.. Enumerable.Range(0, value.Shape.Rank).Select(axis => Of(value, axis))];
}
