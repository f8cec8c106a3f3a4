using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>
/// Moves a RESHAPE or SQUEEZE of the result of a convolution or a dense layer behind the bias or activation that follows it, which can then be fused: what remains of a
/// convolution over a sequence.
/// </summary>
internal static class ReshapeSinking
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
            changed |= node.Input(0)?.Producer is { } reshape && IsFusable(node) && Moves(graph, reshape, node) && Sink(graph, reshape, node);
        return changed;
    }

    /// <summary>A bias or a factor for each channel, or an activation, of the result of an operator with weights.</summary>
    private static bool IsFusable(Node node) => node.Outputs.Count == 1 && node.Output.Type == TensorType.Float32 && node.Code switch
    {
        BuiltinOperator.Relu or BuiltinOperator.Relu6 or BuiltinOperator.ReluN1To1 => true,
        BuiltinOperator.Add or BuiltinOperator.Sub or BuiltinOperator.Mul or BuiltinOperator.Div =>
            node.Input(1) is { IsConstant: true } constant && (constant.Shape.ElementCount == 1 || constant.Shape.ElementCount == constant.Shape[^1]),
        _ => false,
    };

    private static bool Moves(Graph graph, Node reshape, Node node)
    {
        if (reshape.Code is not (BuiltinOperator.Reshape or BuiltinOperator.Squeeze) || !graph.IsReadOnlyBy(reshape.Output, node))
            return false;
        Shape before = reshape.Input(0)!.Shape, behind = reshape.Output.Shape;
        bool keepsChannels = before is { HasRank: true, Rank: > 0 } && behind is { HasRank: true, Rank: > 0 } && before[^1] == behind[^1] && before[^1].IsKnown;
        return keepsChannels && node.Output.Shape.Equals(behind) && reshape.Input(0)!.Producer is { } weighted && ChannelConstant.WeightAxis(weighted) >= 0 && graph.IsReadOnlyBy(reshape.Input(0)!, reshape);
    }

    private static bool Sink(Graph graph, Node reshape, Node node)
    {
        Value source = reshape.Input(0)!;
        Value?[] operands = [source, .. node.Inputs.Skip(1).Select(input => Flat(input!))];
        var moved = new Node(node.Name, node.Code, node.Options, operands, [new Value($"{node.Name}/flat", source.Type, source.Shape)]);
        int place = graph.Nodes.IndexOf(node);
        graph.Nodes.Insert(place, moved);
        graph.Nodes[place + 1] = new Node(reshape.Name, reshape.Code, reshape.Options, [moved.Output, .. reshape.Inputs.Skip(1)], [node.Output]);
        node.ClearInputs();
        graph.Remove(reshape);
        return true;
    }

    private static Value Flat(Value constant) => constant.Shape.Rank <= 1 ? constant : ConstantData.Reshaped(constant, constant.Shape.ElementCount.Value);
}
