using System.Runtime.InteropServices;

namespace Quantize.Converter.TensorFlow;

/// <summary>Scalars that a graph of constants comes to: keep probabilities, training flags. Only so many nodes deep: a graph may be made to have no end.</summary>
internal static class ScalarConstants
{
    public const int DeepestChain = 64;

    /// <summary>The number behind the edge; null where it is no constant, or nothing this simple.</summary>
    public static float? Number(TfEdge edge, int depth = 0) => depth > DeepestChain ? null : edge.Node.Op switch
    {
        "Const" => Elements<float>(edge.Node, TfDataType.Float32) is [float number] ? number : null,
        "Identity" or "PlaceholderWithDefault" or "StopGradient" => Number(edge.Node.Inputs[0], depth + 1),
        "Add" or "AddV2" => Combine(edge, depth, (a, b) => a + b),
        "Sub" => Combine(edge, depth, (a, b) => a - b),
        "Mul" => Combine(edge, depth, (a, b) => a * b),
        _ => null,
    };

    public static bool? Truth(TfEdge edge, int depth = 0) => depth > DeepestChain ? null : edge.Node.Op switch
    {
        "Const" => Elements<byte>(edge.Node, TfDataType.Bool) is [byte truth] ? truth != 0 : null,
        "Identity" or "PlaceholderWithDefault" => Truth(edge.Node.Inputs[0], depth + 1),
        "LogicalNot" => !Truth(edge.Node.Inputs[0], depth + 1),
        "LogicalAnd" => Truth(edge.Node.Inputs[0], depth + 1) & Truth(edge.Node.Inputs[1], depth + 1),
        "LogicalOr" => Truth(edge.Node.Inputs[0], depth + 1) | Truth(edge.Node.Inputs[1], depth + 1),
        _ => null,
    };

    /// <summary>Turns the node into a scalar.</summary>
    public static void Become(TfNode node, TfDataType type, byte[] bytes)
    {
        node.Op = "Const";
        node.Inputs.Clear();
        node.Attributes.Clear();
        node.Attributes["dtype"] = type;
        node.Attributes["value"] = new TfTensor(type, [], bytes);
    }

    private static float? Combine(TfEdge edge, int depth, Func<float, float, float> function) =>
        Number(edge.Node.Inputs[0], depth + 1) is { } a && Number(edge.Node.Inputs[1], depth + 1) is { } b ? function(a, b) : null;

    private static T[] Elements<T>(TfNode node, TfDataType type)
        where T : unmanaged =>
        node.TryAttribute("value", out TfTensor? tensor) && tensor.Type == type && tensor.Shape.Aggregate(1L, (product, dimension) => product * dimension) == 1
            ? MemoryMarshal.Cast<byte, T>(tensor.Bytes.Span).ToArray()
            : [];
}
