using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>The name of an operator that does the work of several nodes: theirs, joined in the order in which Google's converter joins them.</summary>
internal static class FusedName
{
    private const char Separator = ';';

    /// <summary>
    /// FULLY_CONNECTED: product, addition; the others: addition, product. A part that the import made of the added node (<c>bn/Mul</c> of <c>bn</c>) is not
    /// told twice.
    /// </summary>
    public static string WithBias(Node weighted, Node addition)
    {
        IEnumerable<string> parts = weighted.Name.Split(Separator).Where(part => !part.StartsWith(addition.Name + '/', StringComparison.Ordinal));
        return string.Join(Separator, weighted.Code == BuiltinOperator.FullyConnected ? parts.Append(addition.Name) : parts.Prepend(addition.Name));
    }

    /// <summary>FULLY_CONNECTED: product, activation, bias; the others: activation, bias, product.</summary>
    public static string WithActivation(Node node, Node activation)
    {
        int bias = node.Name.IndexOf(Separator);
        return node.Code == BuiltinOperator.FullyConnected && bias > 0
            ? $"{node.Name[..bias]};{activation.Name}{node.Name[bias..]}"
            : $"{activation.Name};{node.Name}";
    }

    /// <summary>The node that the operator was before anything was fused into it.</summary>
    public static string Product(Node node)
    {
        string[] parts = node.Name.Split(Separator);
        return node.Code == BuiltinOperator.FullyConnected ? parts[0] : parts[^1];
    }
}
