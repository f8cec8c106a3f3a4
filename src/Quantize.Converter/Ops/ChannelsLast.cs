using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Ops;

/// <summary>
/// An operation over channels first (NCHW) is the same operation over channels last between two transpositions; a pass moves these together until they cancel.
/// </summary>
internal static class ChannelsLast
{
    private static readonly int[] s_toLast = [0, 2, 3, 1];
    private static readonly int[] s_toFirst = [0, 3, 1, 2];

    /// <summary>The importer for both layouts. <paramref name="input"/> is the operand that is an image.</summary>
    public static Func<ImportContext, Value[]> Of(Func<ImportContext, Value[]> import, int input = 0) => context =>
        context.Node.Attribute("data_format", "NHWC") is "NCHW" ? Import(context, import, input) : import(context);

    private static Value[] Import(ImportContext context, Func<ImportContext, Value[]> import, int input)
    {
        Value[] operands = [.. context.Inputs];
        operands[input] = Transposed(context, operands[input], s_toLast);
        if (context.Node.Op == "Conv2DBackpropInput")
            operands[0] = ConstantData.Of($"{context.Node.Name}/output_shape", Permuted(context.Integers(0)));
        Value[] results = import(context.With(Relabelled(context.Node), operands));
        results[0] = Transposed(context, results[0], s_toFirst);
        return results;
    }

    private static Value Transposed(ImportContext context, Value value, int[] permutation) =>
        context.Emit(BuiltinOperator.Transpose, value, ConstantData.Of($"{context.Node.Name}/permutation", permutation));

    /// <summary>The node as it would stand in a graph with channels last.</summary>
    private static TfNode Relabelled(TfNode node)
    {
        TfNode copy = node.Copy(node.Name);
        copy.Attributes["data_format"] = "NHWC";
        foreach (string attribute in (string[])["strides", "dilations", "ksize"])
        {
            if (copy.TryAttribute(attribute, out long[]? numbers) && numbers.Length == 4)
                copy.Attributes[attribute] = Permuted(numbers);
        }

        if (copy.TryAttribute("explicit_paddings", out long[]? paddings) && paddings.Length == 8)
            copy.Attributes["explicit_paddings"] = (long[])[.. s_toLast.SelectMany(axis => paddings[(2 * axis)..(2 * axis + 2)])];
        return copy;
    }

    private static T[] Permuted<T>(T[] numbers) => [.. s_toLast.Select(axis => numbers[axis])];
}
