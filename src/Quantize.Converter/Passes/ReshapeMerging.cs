using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>Of two operators in a row that only name the same elements differently, the second does the work of both.</summary>
internal static class ReshapeMerging
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes)
            changed |= node.Code == BuiltinOperator.Reshape && node.Input(1) is { IsConstant: true } && Merge(node);
        return changed;
    }

    private static bool Merge(Node second)
    {
        if (second.Input(0)!.Producer is not { } first || !OnlyRenames(first))
            return false;
        Value between = second.Input(0)!;
        second.SetInput(0, first.Input(0));
        bool isSame = ShapeInference.Ask(second)[0].Shape.Equals(second.Output.Shape);
        if (!isSame)
            second.SetInput(0, between);
        return isSame;
    }

    private static bool OnlyRenames(Node node) => node.Code is BuiltinOperator.Reshape or BuiltinOperator.Squeeze or BuiltinOperator.ExpandDims;
}
