namespace Quantize.Runtime.Format;

/// <summary>Puts the elements of a sparse constant in their places; everything else is zero.</summary>
internal sealed class Densification
{
    private const int MaximumLevels = 16;

    private readonly Tensor _tensor;
    private readonly Sparsity _sparsity;
    private readonly byte[] _dense;
    private readonly int _elementBytes;
    private readonly int _available;
    private readonly int[] _positions;
    private int _next;

    private Densification(Tensor tensor, Sparsity sparsity, int available)
    {
        _tensor = tensor;
        _sparsity = sparsity;
        int rank = tensor.Shape.Length, levels = sparsity.Levels.Length;
        if (levels > MaximumLevels || levels != rank + sparsity.BlockMap.Length || sparsity.TraversalOrder.Length != levels
            || !sparsity.TraversalOrder.Order().SequenceEqual(Enumerable.Range(0, levels)) || sparsity.BlockMap.Any(dimension => (uint)dimension >= (uint)rank))
            throw Fail("names other dimensions than the tensor has");
        for (int i = 0; i < levels; i++)
        {
            int dimension = sparsity.TraversalOrder[i] < rank ? sparsity.TraversalOrder[i] : sparsity.BlockMap[sparsity.TraversalOrder[i] - rank];
            if (sparsity.Levels[i].DenseSize < 0 || sparsity.Levels[i].DenseSize > tensor.Shape[dimension])
                throw Fail($"has {sparsity.Levels[i].DenseSize} positions at level {i} for dimension {dimension}, which has {tensor.Shape[dimension]}");
        }

        if (tensor.Type.Bits() is not (8 or 16 or 32 or 64))
            throw Fail($"stores elements of type {tensor.Type}");
        _elementBytes = tensor.Type.Bits() / 8;
        _available = available / _elementBytes;
        _dense = new byte[tensor.Type.ByteCount(tensor.Shape.Aggregate(1L, (all, dimension) => all * dimension))];
        _positions = new int[levels];
    }

    public static byte[] Run(Tensor tensor, Sparsity sparsity, ReadOnlySpan<byte> elements)
    {
        var densification = new Densification(tensor, sparsity, elements.Length);
        densification.Level(0, 0, elements);
        return densification._dense;
    }

    /// <summary>All positions of one level below the parent's <paramref name="parent"/>-th position.</summary>
    private void Level(int depth, int parent, ReadOnlySpan<byte> elements)
    {
        if (depth == _sparsity.Levels.Length)
        {
            Place(elements);
            return;
        }

        SparsityLevel level = _sparsity.Levels[depth];
        int first = 0, last = level.DenseSize;
        if (level.IsSparse)
        {
            if (parent < 0 || parent + 1 >= level.Segments.Length)
                throw Fail($"has {level.Segments.Length} segments at level {depth}, too few");
            (first, last) = (level.Segments[parent], level.Segments[parent + 1]);
            if (first < 0 || last > level.Indices.Length)
                throw Fail($"has {level.Indices.Length} indices at level {depth}, too few");
        }

        for (int at = first; at < last; at++)
        {
            _positions[_sparsity.TraversalOrder[depth]] = level.IsSparse ? level.Indices[at] : at;
            Level(depth + 1, level.IsSparse ? at : checked(parent * level.DenseSize + at), elements);
        }
    }

    private void Place(ReadOnlySpan<byte> elements)
    {
        if (_next >= _available)
            throw Fail($"stores {_available} elements, fewer than its index tells");
        int rank = _tensor.Shape.Length;
        long place = 0;
        for (int d = 0; d < rank; d++)
        {
            long position = _positions[d];
            for (int block = 0; block < _sparsity.BlockMap.Length; block++)
            {
                if (_sparsity.BlockMap[block] == d)
                    position = position * BlockSize(block) + _positions[rank + block];
            }

            if (position < 0 || position >= _tensor.Shape[d])
                throw Fail($"has an element at {position} of dimension {d}, which has {_tensor.Shape[d]}");
            place = place * _tensor.Shape[d] + position;
        }

        elements.Slice(_next++ * _elementBytes, _elementBytes).CopyTo(_dense.AsSpan((int)place * _elementBytes));
    }

    private int BlockSize(int block) => _sparsity.Levels[Array.IndexOf(_sparsity.TraversalOrder, _tensor.Shape.Length + block)].DenseSize;

    private ModelFormatException Fail(string fact) => new($"the sparse constant '{_tensor.Name}' {fact}: it is damaged or of a form that is not supported");
}
