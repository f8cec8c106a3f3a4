namespace Quantize.Converter.TensorFlow;

/// <summary>
/// The shape of a placeholder that declares none, from what reads it, directly or behind operations that keep a shape: a convolution takes four dimensions, and as many channels as its
/// filter.
/// </summary>
internal sealed class WantedShapes
{
    private const int MostDimensions = 8;

    private static readonly HashSet<string> s_keeping = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "AddV2", "BiasAdd", "Cast", "Exp", "FakeQuantWithMinMaxArgs", "FakeQuantWithMinMaxVars", "Identity", "Log", "Log1p", "Maximum", "Minimum", "Mul", "Neg", "RealDiv", "Relu", "Relu6",
        "Sigmoid", "Sqrt", "Square", "Sub", "Tanh",
    };

    private static readonly Dictionary<string, Func<TfNode, int, long[]?>> s_wishes = new(StringComparer.Ordinal)
    {
        ["AvgPool"] = (_, input) => Open(input == 0, 4),
        ["AvgPool3D"] = (_, input) => Open(input == 0, 5),
        ["Conv2D"] = (node, input) => Channels(node, input, 4),
        ["Conv2DBackpropInput"] = (_, input) => Open(input == 2, 4),
        ["Conv3D"] = (node, input) => Channels(node, input, 5),
        ["DepthToSpace"] = (_, input) => Open(input == 0, 4),
        ["DepthwiseConv2dNative"] = (node, input) => Channels(node, input, 4),
        ["FusedBatchNorm"] = (_, input) => Open(input == 0, 4),
        ["FusedBatchNormV2"] = (_, input) => Open(input == 0, 4),
        ["FusedBatchNormV3"] = (_, input) => Open(input == 0, 4),
        ["If"] = (_, input) => Open(input == 0, 0),
        ["LRN"] = (_, input) => Open(input == 0, 4),
        ["MatMul"] = Columns,
        ["MaxPool"] = (_, input) => Open(input == 0, 4),
        ["MaxPool3D"] = (_, input) => Open(input == 0, 5),
        ["Pad"] = (node, input) => Open(input == 0, Lengths(node, 1) is [<= MostDimensions and var rank, _] ? (int)rank : null),
        ["ResizeBilinear"] = (_, input) => Open(input == 0, 4),
        ["ResizeNearestNeighbor"] = (_, input) => Open(input == 0, 4),
        ["SpaceToDepth"] = (_, input) => Open(input == 0, 4),
        ["StatelessIf"] = (_, input) => Open(input == 0, 0),
        ["Switch"] = (_, input) => Open(input == 1, 0),
        ["Transpose"] = (node, input) => Open(input == 0, Lengths(node, 1) is [<= MostDimensions and var rank] ? (int)rank : null),
    };

    private readonly ILookup<TfEdge, (TfNode Node, int Input)> _readers;

    public WantedShapes(TfGraph graph) =>
        _readers = graph.Nodes.SelectMany(node => node.Inputs.Select((edge, input) => (edge, Reader: (node, input)))).ToLookup(pair => pair.edge, pair => pair.Reader);

    /// <summary>-1 for a dimension that may be anything; null where nothing tells how many there are.</summary>
    public long[]? Of(TfEdge placeholder)
    {
        HashSet<TfEdge> seen = [];
        var open = new Queue<TfEdge>([placeholder]);
        while (open.TryDequeue(out TfEdge edge))
        {
            if (!seen.Add(edge))
                continue;
            foreach ((TfNode reader, int input) in _readers[edge])
            {
                if (s_wishes.TryGetValue(reader.Op, out Func<TfNode, int, long[]?>? wish) && wish(reader, input) is { } shape)
                    return shape;
                if (s_keeping.Contains(reader.Op) && reader.Inputs.Where((_, i) => i != input).All(IsAtMostAVector))
                    open.Enqueue(new TfEdge(reader, 0));
            }
        }

        return null;
    }

    private static long[]? Open(bool isTheInput, int? rank) => isTheInput && rank is { } count ? [.. Enumerable.Repeat(-1L, count)] : null;

    /// <summary>Beside a vector, what has more dimensions keeps its own.</summary>
    private static bool IsAtMostAVector(TfEdge edge) => Lengths(edge) is { Length: <= 1 };

    private static long[]? Channels(TfNode node, int input, int rank)
    {
        if (input != 0)
            return null;
        string layout = node.Attribute("data_format", "");
        long channels = Lengths(node, 1) is { } filter && filter.Length == rank ? filter[^2] : -1;
        return layout.StartsWith("NC", StringComparison.Ordinal) ? [-1, channels, .. Enumerable.Repeat(-1L, rank - 2)] : [.. Enumerable.Repeat(-1L, rank - 1), channels];
    }

    private static long[]? Columns(TfNode node, int input)
    {
        if (input != 0 || node.Attribute("transpose_a", false))
            return [-1, -1];
        return [-1, Lengths(node, 1) is { Length: 2 } weights ? weights[node.Attribute("transpose_b", false) ? 1 : 0] : -1];
    }

    private static long[]? Lengths(TfNode node, int input) => input < node.Inputs.Count ? Lengths(node.Inputs[input]) : null;

    /// <summary>The dimensions of a constant.</summary>
    private static long[]? Lengths(TfEdge edge, int depth = 0) => edge.Node.Op switch
    {
        "Const" => edge.Node.TryAttribute("value", out TfTensor? tensor) ? [.. tensor.Shape.Select(length => (long)length)] : null,
        "Identity" when depth < ScalarConstants.DeepestChain && edge.Node.Inputs.Count > 0 => Lengths(edge.Node.Inputs[0], depth + 1),
        _ => null,
    };
}
