namespace Quantize.Converter.Graphs;

/// <summary>A node that makes no sense: the message is the fact, as a sentence.</summary>
internal sealed class GraphException(string node, string fact) : Exception(fact)
{
    public string Node { get; } = node;
}
