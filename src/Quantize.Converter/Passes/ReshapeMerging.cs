using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Passes;

/// <summary>Of two operators in a row that only name the same elements differently, the second does the work of both.</summary>
internal static class ReshapeMerging
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Code != BuiltinOperator.Reshape || node.Input(1) is not { IsConstant: true } || node.Input(0)?.Producer is not { } first || !OnlyRenames(first))
                continue;
            var options = new ReshapeOptions();
            var merged = new Node(node.Name, BuiltinOperator.Reshape, options, [first.Input(0), node.Input(1)], [new Value(node.Name, node.Output.Type, node.Output.Shape)]);
            ShapeInference.Infer(merged);
            if (!merged.Output.Shape.Equals(node.Output.Shape))
            {
                merged.ClearInputs();
                continue;
            }

            merged.ClearInputs();
            node.SetInput(0, first.Input(0));
            changed = true;
        }

        return changed;
    }

    private static bool OnlyRenames(Node node) => node.Code is BuiltinOperator.Reshape or BuiltinOperator.Squeeze or BuiltinOperator.ExpandDims;
}
