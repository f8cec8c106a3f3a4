namespace Quantize.Converter.TensorFlow;

/// <summary>Operations that run functions: calls, which are inlined, and control flow, whose bodies stay functions.</summary>
internal static class FunctionalOps
{
    /// <summary>Attributes of control flow that name bodies.</summary>
    private static readonly Dictionary<string, string[]> Bodies = new(StringComparer.Ordinal)
    {
        ["While"] = ["cond", "body"],
        ["StatelessWhile"] = ["cond", "body"],
        ["If"] = ["then_branch", "else_branch"],
        ["StatelessIf"] = ["then_branch", "else_branch"],
        ["Case"] = ["branches"],
        ["StatelessCase"] = ["branches"],
    };

    public static bool IsCall(TfNode node) => node.Op is "PartitionedCall" or "StatefulPartitionedCall";

    public static bool IsWhile(TfNode node) => node.Op is "While" or "StatelessWhile";

    /// <summary>The first input that is an argument of the bodies: a branch's condition stands before them.</summary>
    public static int FirstArgument(TfNode node) => IsWhile(node) ? 0 : 1;

    public static bool HasBodies(TfNode node) => Bodies.ContainsKey(node.Op);

    /// <summary>The bodies a control flow operation names, in a fixed order.</summary>
    public static IEnumerable<TfFunctionReference> References(TfNode node)
    {
        if (!Bodies.TryGetValue(node.Op, out string[]? names))
            yield break;
        foreach (string name in names)
        {
            if (node.TryAttribute(name, out TfFunctionReference? one))
                yield return one;
            foreach (TfFunctionReference branch in node.Attribute<TfFunctionReference[]>(name, []))
                yield return branch;
        }
    }

    /// <summary>Puts another body in the place of each one named.</summary>
    public static void Replace(TfNode node, Func<TfFunctionReference, TfFunctionReference> other)
    {
        foreach (string name in Bodies[node.Op])
        {
            if (node.TryAttribute(name, out TfFunctionReference? one))
                node.Attributes[name] = other(one);
            if (node.TryAttribute(name, out TfFunctionReference[]? branches))
                node.Attributes[name] = branches.Select(other).ToArray();
        }
    }
}
