namespace Quantize.Converter.Tests.Ops;

/// <summary>Tensors of small different numbers, and positions in them.</summary>
internal static class NumberedFloats
{
    /// <summary>The same numbers for the same seed: multiples of 1/8 between -2 and 2, so that sums of products are exact.</summary>
    public static float[] Of(int seed, params int[] shape)
    {
        var numbers = new float[shape.Aggregate(1, (product, dimension) => product * dimension)];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (float)((i * 7 + seed * 13) * 2654435761L % 33 - 16) / 8;
        return numbers;
    }

    public static int Position(int[] shape, params ReadOnlySpan<int> index)
    {
        int position = 0;
        for (int d = 0; d < shape.Length; d++)
            position = position * shape[d] + index[d];
        return position;
    }
}
