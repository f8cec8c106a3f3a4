using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>
/// FULLY_CONNECTED sees its input as rows by itself: a RESHAPE to rows before it is not needed, and where another one brings the dimensions back behind it, the operator
/// keeps them.
/// </summary>
internal static class DenseReshapes
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Code == BuiltinOperator.FullyConnected && node.Input(0)?.Producer is { Code: BuiltinOperator.Reshape } before)
                changed |= Take(graph, node, before.Input(0)!);
        }

        return changed;
    }

    private static bool Take(Graph graph, Node dense, Value input)
    {
        Value rows = dense.Input(0)!, result = dense.Output;
        if (input.Shape is not { HasRank: true, Rank: > 1 } shape || dense.Input(1)!.Shape is not { HasRank: true, Rank: 2 } weights || shape[^1] != weights[1] || rows.Shape[^1] != weights[1])
            return false;
        if (Restored(graph, result, shape.With(shape.Rank - 1, weights[0])) is { } behind)
        {
            var options = dense.OptionsAs<FullyConnectedOptions>() with { KeepNumDims = shape.Rank > 2 };
            graph.Fuse(dense, behind, dense.Name, options, [input, .. dense.Inputs.Skip(1)]);
            return true;
        }

        if (dense.OptionsAs<FullyConnectedOptions>().KeepNumDims && rows.Shape.Rank != 2)
            return false;
        FullyConnectedOptions kept = dense.OptionsAs<FullyConnectedOptions>();
        dense.Options = kept with { KeepNumDims = false };
        dense.SetInput(0, input);
        if (ShapeInference.Ask(dense)[0].Shape.Equals(result.Shape))
            return true;
        dense.Options = kept;
        dense.SetInput(0, rows);
        return false;
    }

    /// <summary>The only reader, where it is a RESHAPE to that shape.</summary>
    private static Node? Restored(Graph graph, Value result, Shape wanted) =>
        result.Consumers is [{ Code: BuiltinOperator.Reshape } reshape] && graph.IsReadOnlyBy(result, reshape) && reshape.Output.Shape.Equals(wanted) ? reshape : null;
}
