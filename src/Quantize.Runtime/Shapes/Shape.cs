namespace Quantize.Runtime.Shapes;

/// <summary>The dimensions of a tensor, outermost first; <see cref="Unknown"/> where not even their number is known.</summary>
internal sealed class Shape : IEquatable<Shape>
{
    public static readonly Shape Unknown = new(null);
    public static readonly Shape Scalar = new([]);

    private readonly Dimension[]? _dimensions;

    private Shape(Dimension[]? dimensions) => _dimensions = dimensions;

    public bool HasRank => _dimensions is not null;

    public int Rank => Dimensions.Count;

    public IReadOnlyList<Dimension> Dimensions => _dimensions ?? throw new InvalidOperationException("the shape has no known rank");

    public bool IsStatic => _dimensions is not null && Array.TrueForAll(_dimensions, dimension => dimension.IsKnown);

    /// <summary>Number of elements; a symbol where a dimension is one.</summary>
    public Dimension ElementCount
    {
        get
        {
            Dimension count = 1;
            foreach (Dimension dimension in Dimensions)
                count *= dimension;
            return count;
        }
    }

    public Dimension this[Index index] => Dimensions[index.GetOffset(Rank)];

    public static Shape Of(params ReadOnlySpan<Dimension> dimensions) => new(dimensions.ToArray());

    public static Shape Of(ReadOnlySpan<int> dimensions)
    {
        var list = new Dimension[dimensions.Length];
        for (int i = 0; i < list.Length; i++)
            list[i] = dimensions[i];
        return new Shape(list);
    }

    /// <summary>The numbers; only where <see cref="IsStatic"/>.</summary>
    public int[] ToArray() => [.. Dimensions.Select(dimension => dimension.Value)];

    public Shape With(int axis, Dimension dimension)
    {
        var list = (Dimension[])_dimensions!.Clone();
        list[axis] = dimension;
        return new Shape(list);
    }

    public bool Equals(Shape? other) =>
        other is not null && (_dimensions is null) == (other._dimensions is null) && (_dimensions is null || _dimensions.AsSpan().SequenceEqual(other._dimensions));

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (Dimension dimension in _dimensions ?? [])
            hash.Add(dimension);
        return hash.ToHashCode();
    }

    public override string ToString() => _dimensions is null ? "[?]" : $"[{string.Join(',', _dimensions)}]";
}
