using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Passes;

/// <summary>Takes out nodes that hand their input on unchanged. (TensorFlow's own identities, dropout at inference among them, end at the import.)</summary>
internal static class IdentityRemoval
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (!IsIdentity(node) || MustStay(graph, node))
                continue;
            Value input = node.Input(0)!;
            if (graph.IsOutput(node.Output))
                input.Name = node.Output.Name;
            graph.ReplaceUses(node.Output, input);
            graph.Remove(node);
            changed = true;
        }

        return changed;
    }

    private static bool IsIdentity(Node node) => node.Code switch
    {
        BuiltinOperator.Reshape or BuiltinOperator.Squeeze => node.Output.Shape.HasRank && node.Input(0)!.Shape.Equals(node.Output.Shape),
        BuiltinOperator.Transpose => Elements(node, 1) is { } permutation && permutation.Index().All(entry => entry.Index == entry.Item),
        BuiltinOperator.Pad => Elements(node, 1) is { } paddings && Array.TrueForAll(paddings, padding => padding == 0),
        BuiltinOperator.Cast => node.Input(0)!.Type == node.Output.Type,
        BuiltinOperator.Concatenation => node.Inputs.Count == 1,
        BuiltinOperator.Mul or BuiltinOperator.Div => HasOne(node) && node.Input(0)!.Shape.Equals(node.Output.Shape),
        _ => false,
    };

    /// <summary>The second operand is a single 1, and nothing is fused behind.</summary>
    private static bool HasOne(Node node) =>
        node.Input(1) is { IsConstant: true, Type: TensorType.Float32 } factor && ConstantData.Floats(factor) is [1f]
        && node.Options is MulOptions { Activation: ActivationFunction.None } or DivOptions { Activation: ActivationFunction.None };

    private static long[]? Elements(Node node, int input) => node.Input(input) is { IsConstant: true } constant ? ConstantData.Integers(constant) : null;

    /// <summary>An output of the graph is a tensor that a node of it computes, and one tensor is one output.</summary>
    private static bool MustStay(Graph graph, Node node) =>
        graph.IsOutput(node.Output) && (node.Input(0)!.Producer is null || graph.IsOutput(node.Input(0)!));
}
