namespace Quantize.Converter.TensorFlow;

/// <summary>What a variable is in a graph: a reference (TF1) or a handle to a resource.</summary>
internal static class Variables
{
    private const int LongestChain = 250;

    public static bool IsReference(TfNode node) => node.Op is "VariableV2" or "Variable";

    public static bool IsHandle(TfNode node) => node.Op == "VarHandleOp";

    public static bool IsVariable(TfNode node) => IsReference(node) || IsHandle(node);

    /// <summary>Nodes with one identity are one variable: TensorFlow finds it by its container and name.</summary>
    public static string Identity(TfNode node) => node.Attribute("container", "") + "\n" + Name(node);

    public static string Name(TfNode node) => node.Attribute("shared_name", "") is { Length: > 0 } shared ? shared : node.Name;

    /// <summary>The variable behind an edge, looking through Identity nodes that pass its handle on.</summary>
    public static TfNode? Behind(TfEdge edge)
    {
        TfNode node = Source(edge).Node;
        return IsVariable(node) ? node : null;
    }

    /// <summary>Where the value of an edge comes from, Identity nodes skipped.</summary>
    public static TfEdge Source(TfEdge edge)
    {
        for (int step = 0; step < LongestChain && edge.Node is { Op: "Identity", Inputs.Count: 1 }; step++)
            edge = edge.Node.Inputs[0];
        return edge;
    }
}
