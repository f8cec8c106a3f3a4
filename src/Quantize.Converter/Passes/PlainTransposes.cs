using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>A transposition that moves nothing but dimensions of 1 is a RESHAPE: no element has to move.</summary>
internal static class PlainTransposes
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Node node = graph.Nodes[i];
            if (TransposeSinking.PermutationOf(node) is not { } permutation || node.Output.Shape is not { HasRank: true } shape || !TransposedForm.MovesOnlyOnes(node.Input(0)!.Shape, permutation))
                continue;
            if (shape.Rank == 0 || shape.Dimensions.Count(dimension => !dimension.IsKnown) > 1)
                continue;
            Value wanted = ConstantData.Of($"{node.Name}/shape", [.. shape.Dimensions.Select(dimension => dimension.IsKnown ? dimension.Value : -1)]);
            Value input = node.Input(0)!;
            node.ClearInputs();
            graph.Nodes[i] = new Node(node.Name, BuiltinOperator.Reshape, new ReshapeOptions(), [input, wanted], [node.Output]);
            changed = true;
        }

        return changed;
    }
}
