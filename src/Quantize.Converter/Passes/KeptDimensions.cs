using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Passes;

/// <summary>A reduction whose dimensions a RESHAPE or EXPAND_DIMS brings back as ones, and nothing else reads, keeps them itself.</summary>
internal static class KeptDimensions
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Code is not (BuiltinOperator.Reshape or BuiltinOperator.ExpandDims) || node.Input(0)?.Producer is not { Options: ReducerOptions { KeepDims: false } } reduction)
                continue;
            if (!graph.IsReadOnlyBy(reduction.Output, node))
                continue;
            var keeping = new Node(node.Name, reduction.Code, new ReducerOptions { KeepDims = true }, reduction.Inputs, [new Value(node.Name, node.Output.Type, node.Output.Shape)]);
            ShapeInference.Infer(keeping);
            keeping.ClearInputs();
            if (!keeping.Output.Shape.Equals(node.Output.Shape))
                continue;
            graph.Fuse(reduction, node, reduction.Name, new ReducerOptions { KeepDims = true }, reduction.Inputs);
            changed = true;
        }

        return changed;
    }
}
