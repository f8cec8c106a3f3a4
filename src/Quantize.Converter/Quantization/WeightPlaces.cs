using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Quantization;

/// <summary>Where an operator keeps its weights: which input, and the axis of the output channels; no axis means one scale for all.</summary>
internal sealed record WeightPlace(int Input, int? Axis);

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
    };

    /// <summary>Which input the weights are, whatever they are; null where the operator is none that has weights.</summary>
    public static int? InputOf(BuiltinOperator code) => s_places.GetValueOrDefault(code)?.Input;

    /// <summary>Null where the operator has no weights: its operand is computed, or it is none of these.</summary>
    public static WeightPlace? Of(Node node)
    {
        if (!s_places.TryGetValue(node.Code, out WeightPlace? place))
            return null;
        bool mayBeComputed = node.Code is BuiltinOperator.BatchMatmul or BuiltinOperator.Gather;
        return mayBeComputed && node.Input(place.Input) is not { IsConstant: true, Type: Runtime.TensorType.Float32 } ? null : place;
    }
}
