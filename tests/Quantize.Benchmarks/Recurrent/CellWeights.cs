using Quantize.Runtime;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Benchmarks.Recurrent;

/// <summary>Random weights of a network, as floats or as 8 bits with a scale for each matrix: the same numbers either way, up to rounding.</summary>
internal sealed class CellWeights(SubgraphBuilder graph, bool isQuantized)
{
    private readonly Random _random = new(1);

    /// <summary>Small enough for a cell not to saturate.</summary>
    public int Matrix(int rows, int columns)
    {
        float limit = MathF.Sqrt(3f / columns);
        sbyte[] codes = [.. Enumerable.Range(0, rows * columns).Select(_ => (sbyte)_random.Next(-127, 128))];
        return isQuantized
            ? graph.Weights(codes, limit / 127, rows, columns)
            : graph.Constant(TensorType.Float32, Array.ConvertAll(codes, code => code * limit / 127), rows, columns);
    }

    public int Bias(int units) => graph.Constant(TensorType.Float32, [.. Enumerable.Range(0, units).Select(_ => (_random.NextSingle() - 0.5f) / 4)], units);
}
