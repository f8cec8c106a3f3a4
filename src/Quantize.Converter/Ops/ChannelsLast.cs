using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>
/// An operation over channels first (NCHW, NCDHW) is the same operation over channels last between two transpositions; a pass moves these together until they cancel.
/// </summary>
internal static class ChannelsLast
{
    private static readonly string[] s_lists = ["strides", "dilations", "ksize", "explicit_paddings"];

    /// <summary>The importer for both layouts. <paramref name="image"/> is the operand with channels; <paramref name="shape"/> one that gives the result's shape.</summary>
    public static Func<ImportContext, Value[]> Of(Func<ImportContext, Value[]> import, int image = 0, int? shape = null) => context =>
        context.Node.Attribute("data_format", "NHWC") switch
        {
            "NHWC" or "NDHWC" => import(context),
            "NCHW" or "NCDHW" => Import(context, import, image, shape),
            string format => throw context.Refuse($"data_format {format}; export the model with channels last (NHWC)"),
        };

    private static Value[] Import(ImportContext context, Func<ImportContext, Value[]> import, int image, int? shape)
    {
        int rank = context.Rank(image);
        if (rank is not (4 or 5))
            throw context.Refuse($"its input has {rank} dimensions");
        int[] toLast = [0, .. Enumerable.Range(2, rank - 2), 1], toFirst = [0, rank - 1, .. Enumerable.Range(1, rank - 2)];
        var arrangement = new Arrangement(context);
        Value[] operands = [.. context.Inputs];
        operands[image] = arrangement.Transpose(operands[image], toLast);
        if (shape is { } input && operands[input].Shape is { IsStatic: true, Rank: 1 } list && list[0] == rank)
            operands[input] = arrangement.Gather(operands[input], arrangement.Vector("order", toLast), 0);
        Value[] results = import(context.With(Relabelled(context.Node, toLast), operands));
        results[0] = arrangement.Transpose(results[0], toFirst);
        return results;
    }

    /// <summary>The node as it would stand in a graph with channels last.</summary>
    private static TfNode Relabelled(TfNode node, int[] toLast)
    {
        TfNode copy = node.Copy(node.Name);
        copy.Attributes["data_format"] = toLast.Length == 4 ? "NHWC" : "NDHWC";
        foreach (string attribute in s_lists)
        {
            if (!copy.TryAttribute(attribute, out long[]? numbers) || numbers.Length == 0 || numbers.Length % toLast.Length != 0)
                continue;
            int each = numbers.Length / toLast.Length;
            copy.Attributes[attribute] = (long[])[.. toLast.SelectMany(axis => numbers[(axis * each)..((axis + 1) * each)])];
        }

        return copy;
    }
}
