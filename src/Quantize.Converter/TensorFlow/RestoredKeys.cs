namespace Quantize.Converter.TensorFlow;

/// <summary>A tensor of the checkpoint, or the part of it that <see cref="Slice"/> describes as TensorFlow writes it (<c>10 4 0,5:-</c>).</summary>
internal readonly record struct CheckpointKey(string Tensor, string Slice);

/// <summary>The model's own restore operations tell which tensor of the checkpoint belongs to which variable.</summary>
internal static class RestoredKeys
{
    /// <summary>Keys by the identity of the variable.</summary>
    public static Dictionary<string, CheckpointKey> Find(TfNode restore)
    {
        var keys = new Dictionary<string, CheckpointKey>(StringComparer.Ordinal);
        foreach (TfNode node in GraphPruning.Reachable([restore]))
        {
            if (node is { Op: "Assign" or "AssignVariableOp", Inputs.Count: >= 2 }
                && Variables.Behind(node.Inputs[0]) is { } variable
                && TryKey(Variables.Source(node.Inputs[1]), out CheckpointKey key))
            {
                keys.TryAdd(Variables.Identity(variable), key);
            }
        }

        return keys;
    }

    private static bool TryKey(TfEdge edge, out CheckpointKey key)
    {
        key = default;
        if (edge.Node is not { Op: "RestoreV2", Inputs.Count: >= 3 })
            return false;
        byte[][] names = Texts(edge.Node.Inputs[1]);
        byte[][] slices = Texts(edge.Node.Inputs[2]);
        if (edge.Output >= names.Length)
            return false;
        key = new CheckpointKey(Text(names[edge.Output]), edge.Output < slices.Length ? Text(slices[edge.Output]) : "");
        return true;
    }

    private static byte[][] Texts(TfEdge edge) =>
        Variables.Source(edge).Node is { Op: "Const" } node && node.TryAttribute("value", out TfTensor? tensor) ? tensor.Strings : [];

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
