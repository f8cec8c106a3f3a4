using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>The name of an operator that does the work of several nodes: theirs, joined in the order in which Google's converter joins them.</summary>
internal static class FusedName
{
    public static string WithBias(Node weighted, Node addition) =>
        weighted.Code == BuiltinOperator.FullyConnected ? $"{weighted.Name};{addition.Name}" : $"{addition.Name};{weighted.Name}";

    /// <summary>FULLY_CONNECTED: product, activation, bias; the others: activation, bias, product.</summary>
    public static string WithActivation(Node node, Node activation)
    {
        int bias = node.Name.IndexOf(';');
        return node.Code == BuiltinOperator.FullyConnected && bias > 0
            ? $"{node.Name[..bias]};{activation.Name}{node.Name[bias..]}"
            : $"{activation.Name};{node.Name}";
    }
}
