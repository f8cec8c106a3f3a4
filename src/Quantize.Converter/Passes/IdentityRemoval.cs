using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>Takes out nodes that hand one input on unchanged. (TensorFlow's own identities, dropout at inference among them, end at the import.)</summary>
internal static class IdentityRemoval
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (HandedOn(node) is not { } input || input.Type != node.Output.Type || !input.Shape.Equals(node.Output.Shape) || MustStay(graph, node, input))
                continue;
            if (graph.IsOutput(node.Output))
                input.Name = node.Output.Name;
            graph.ReplaceUses(node.Output, input);
            graph.Remove(node);
            changed = true;
        }

        return changed;
    }

    /// <summary>The input that the result is, where the shapes are the same too; null where it is none.</summary>
    private static Value? HandedOn(Node node) => node.Code switch
    {
        BuiltinOperator.Reshape or BuiltinOperator.Squeeze => node.Output.Shape.HasRank ? node.Input(0) : null,
        BuiltinOperator.Transpose => Elements(node, 1) is { } permutation && permutation.SequenceEqual(Enumerable.Range(0, permutation.Length).Select(axis => (long)axis)) ? node.Input(0) : null,
        BuiltinOperator.Pad => Elements(node, 1) is { } paddings && Array.TrueForAll(paddings, padding => padding == 0) ? node.Input(0) : null,
        BuiltinOperator.Cast => node.Input(0),
        BuiltinOperator.Concatenation => node.Inputs.Count == 1 ? node.Input(0) : null,
        BuiltinOperator.Add => ConstantData.IsAll(node.Input(0)!, 0) ? Plain(node, 1) : ConstantData.IsAll(node.Input(1)!, 0) ? Plain(node, 0) : null,
        BuiltinOperator.Mul => ConstantData.IsAll(node.Input(0)!, 1) ? Plain(node, 1) : ConstantData.IsAll(node.Input(1)!, 1) ? Plain(node, 0) : null,
        BuiltinOperator.Sub => ConstantData.IsAll(node.Input(1)!, 0) ? Plain(node, 0) : null,
        BuiltinOperator.Div => ConstantData.IsAll(node.Input(1)!, 1) ? Plain(node, 0) : null,
        BuiltinOperator.Select or BuiltinOperator.SelectV2 => ConstantData.IsAll(node.Input(0)!, 1) ? node.Input(1) : ConstantData.IsAll(node.Input(0)!, 0) ? node.Input(2) : null,
        _ => null,
    };

    private static Value? Plain(Node node, int input) => FusedActivation.Of(node.Options) == ActivationFunction.None ? node.Input(input) : null;

    private static long[]? Elements(Node node, int input) => node.Input(input) is { IsConstant: true } constant ? ConstantData.Integers(constant) : null;

    /// <summary>An output of the graph is a tensor that a node of it computes, and one tensor is one output.</summary>
    private static bool MustStay(Graph graph, Node node, Value input) => graph.IsOutput(node.Output) && (input.Producer is null || graph.IsOutput(input));
}
