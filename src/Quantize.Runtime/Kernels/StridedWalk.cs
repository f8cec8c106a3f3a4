namespace Quantize.Runtime.Kernels;

/// <summary>Walks an output in row-major order and tells where each broadcast operand stands.</summary>
internal sealed class StridedWalk
{
    public const int MaximumRank = 16;
    public const int MaximumOperands = 4;

    private readonly int[] _dimensions;
    private readonly int[][] _strides;

    private StridedWalk(int[] dimensions, int[][] strides)
    {
        _dimensions = dimensions;
        _strides = strides;
    }

    public static StridedWalk Broadcast(int[] output, params int[][] operands)
    {
        if (output.Length > MaximumRank)
            throw new ModelFormatException($"a tensor of {output.Length} dimensions has more than the {MaximumRank} that are supported");
        if (Array.Find(operands, shape => !Fits(shape, output)) is { } other)
            throw new ModelFormatException($"operands of shape [{string.Join(',', other)}] do not broadcast to [{string.Join(',', output)}]");
        return new StridedWalk(output, [.. operands.Select(shape => Strides(shape, output.Length))]);
    }

    /// <summary>Both spans are set to the first element.</summary>
    public void Start(Span<int> at, Span<int> index)
    {
        at.Clear();
        index.Clear();
    }

    public void Next(Span<int> at, Span<int> index)
    {
        for (int d = _dimensions.Length - 1; d >= 0; d--)
        {
            if (++index[d] < _dimensions[d])
            {
                for (int o = 0; o < _strides.Length; o++)
                    at[o] += _strides[o][d];
                return;
            }

            index[d] = 0;
            for (int o = 0; o < _strides.Length; o++)
                at[o] -= _strides[o][d] * (_dimensions[d] - 1);
        }
    }

    private static bool Fits(int[] shape, int[] output)
    {
        int offset = output.Length - shape.Length;
        return offset >= 0 && !shape.Where((dimension, d) => dimension != 1 && dimension != output[offset + d]).Any();
    }

    private static int[] Strides(int[] shape, int rank)
    {
        var strides = new int[rank];
        for (int d = shape.Length - 1, stride = 1; d >= 0; d--)
        {
            strides[d + rank - shape.Length] = shape[d] == 1 ? 0 : stride;
            stride *= shape[d];
        }

        return strides;
    }
}
