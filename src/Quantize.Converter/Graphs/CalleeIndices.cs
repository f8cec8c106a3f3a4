using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Graphs;

/// <summary>Operators name the subgraphs that they run by number: in a file a place among all subgraphs, in a graph one among the node's own callees.</summary>
internal static class CalleeIndices
{
    /// <summary>The options with places in the file.</summary>
    public static OperatorOptions InFile(Node node, Func<Graph, int> indexOf) => node.Options switch
    {
        WhileOptions options => options with { CondSubgraphIndex = indexOf(node.Callees[0]), BodySubgraphIndex = indexOf(node.Callees[1]) },
        IfOptions options => options with { ThenSubgraphIndex = indexOf(node.Callees[0]), ElseSubgraphIndex = indexOf(node.Callees[1]) },
        CallOptions options => options with { Subgraph = indexOf(node.Callees[0]) },
        StablehloCompositeOptions options => options with { Subgraph = indexOf(node.Callees[0]) },
        CallOnceOptions options => options with { InitSubgraphIndex = indexOf(node.Callees[0]) },
        OperatorOptions options => options,
    };

    /// <summary>The options with places among the callees.</summary>
    public static OperatorOptions InNode(OperatorOptions options) => options switch
    {
        WhileOptions loop => loop with { CondSubgraphIndex = 0, BodySubgraphIndex = 1 },
        IfOptions branch => branch with { ThenSubgraphIndex = 0, ElseSubgraphIndex = 1 },
        CallOptions call => call with { Subgraph = 0 },
        StablehloCompositeOptions composite => composite with { Subgraph = 0 },
        CallOnceOptions once => once with { InitSubgraphIndex = 0 },
        _ => options,
    };
}
