namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A dropout that keeps everything: floor(1 + u) is 1 and u >= 0 is true for every random u in [0, 1). What is left of it is a product with 1.
/// </summary>
internal static class RestingDropout
{
    public static void Run(TfGraph graph)
    {
        foreach (TfNode node in graph.Nodes)
        {
            if (node.Op == "Floor" && Range(node.Inputs[0]) is { } rounded && MathF.Floor(rounded.Low) >= MathF.Ceiling(rounded.High) - 1)
                ScalarConstants.Become(node, TfDataType.Float32, BitConverter.GetBytes(MathF.Floor(rounded.Low)));
            else if (node.Op == "GreaterEqual" && Range(node.Inputs[0]) is { } drawn && ScalarConstants.Number(node.Inputs[1]) is { } rate && (drawn.Low >= rate || drawn.High <= rate))
                ScalarConstants.Become(node, TfDataType.Bool, [drawn.Low >= rate ? (byte)1 : (byte)0]);
        }
    }

    /// <summary>Whether the edge is a random number in [0, 1).</summary>
    public static bool IsDrawn(TfEdge edge) => Range(edge) is (0, 1);

    /// <summary>Where a random number lies: at least Low, below High. Null for everything else.</summary>
    private static (float Low, float High)? Range(TfEdge edge, int depth = 0)
    {
        if (depth > ScalarConstants.DeepestChain)
            return null;
        TfNode node = edge.Node;
        return node.Op switch
        {
            "RandomUniform" or "StatelessRandomUniform" or "StatelessRandomUniformV2" => (0, 1),
            "Identity" => Range(node.Inputs[0], depth + 1),
            "Mul" => Moved(node, depth, (range, factor) => factor > 0 ? (range.Low * factor, range.High * factor) : null),
            "Add" or "AddV2" => Moved(node, depth, (range, shift) => (range.Low + shift, range.High + shift)),
            _ => null,
        };
    }

    private static (float Low, float High)? Moved(TfNode node, int depth, Func<(float Low, float High), float, (float Low, float High)?> move)
    {
        for (int i = 0; i < 2; i++)
        {
            if (Range(node.Inputs[i], depth + 1) is { } range && ScalarConstants.Number(node.Inputs[1 - i]) is { } number)
                return move(range, number);
        }

        return null;
    }
}
