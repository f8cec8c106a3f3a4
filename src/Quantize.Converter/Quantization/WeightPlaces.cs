using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Quantization;

/// <summary>Where an operator keeps its weights: which input, and the axis of the output channels; no axis means one scale for all.</summary>
internal sealed record WeightPlace(int Input, int? Axis)
{
    /// <summary>Matrices of one group are parts of what a loop has as one: together they are large enough to be quantized, or not.</summary>
    public int Group { get; init; }
}

/// <summary>The operators whose weights are quantized.</summary>
internal static class WeightPlaces
{
    private static readonly Dictionary<BuiltinOperator, WeightPlace> s_places = new()
    {
        [BuiltinOperator.BatchMatmul] = new(1, null),
        [BuiltinOperator.Conv2D] = new(1, 0),
        [BuiltinOperator.DepthwiseConv2D] = new(1, 3),
        [BuiltinOperator.FullyConnected] = new(1, 0),
        [BuiltinOperator.Gather] = new(0, null),
        [BuiltinOperator.TransposeConv] = new(1, 0),
        [BuiltinOperator.UnidirectionalSequenceLstm] = new(2, null),
        [BuiltinOperator.UnidirectionalSequenceRnn] = new(1, null),
    };

    /// <summary>The inputs of operators that have several matrices of weights, which are quantized together, or stay float together.</summary>
    private static readonly Dictionary<BuiltinOperator, int[][]> s_matrices = new()
    {
        [BuiltinOperator.UnidirectionalSequenceLstm] = [[1, 2, 3, 4], [5, 6, 7, 8], [16]],
        [BuiltinOperator.UnidirectionalSequenceRnn] = [[1], [2]],
    };

    /// <summary>Weights of an LSTM that Google's kernels take in 8 bits only where the matrices have 8 bits, and that are quantized nowhere here: peepholes, normalization.</summary>
    private static readonly int[] s_vectors = [9, 10, 11, 20, 21, 22, 23];

    /// <summary>Which input the weights are, whatever they are; null where the operator is none that has weights.</summary>
    public static int? InputOf(BuiltinOperator code) => s_places.GetValueOrDefault(code)?.Input;

    /// <summary>Every matrix that is to be quantized; empty where there is none.</summary>
    public static IReadOnlyList<WeightPlace> All(Node node)
    {
        if (!s_matrices.TryGetValue(node.Code, out int[][]? groups))
            return Of(node) is { } place ? [place] : [];
        bool hasVectors = node.Code == BuiltinOperator.UnidirectionalSequenceLstm && Array.Exists(s_vectors, input => node.Input(input) is not null);
        return hasVectors ? [] : [.. groups.SelectMany((inputs, group) => inputs.Where(input => node.Input(input) is not null).Select(input => new WeightPlace(input, null) { Group = group }))];
    }

    /// <summary>Null where the operator has no weights: its operand is computed, or it is none of these.</summary>
    public static WeightPlace? Of(Node node)
    {
        if (!s_places.TryGetValue(node.Code, out WeightPlace? place))
            return null;
        bool mayBeComputed = node.Code is BuiltinOperator.BatchMatmul or BuiltinOperator.Gather;
        return mayBeComputed && node.Input(place.Input) is not { IsConstant: true, Type: Runtime.TensorType.Float32 } ? null : place;
    }
}
