using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>
/// SPACE_TO_BATCH_ND, a convolution without padding and strides, BATCH_TO_SPACE_ND: TensorFlow's way to write a dilated convolution. It is the convolution of the padded
/// picture with that dilation, less what is cropped. Over a sequence, EXPAND_DIMS and SQUEEZE stand around the convolution.
/// </summary>
internal static class DilatedConvolutions
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Code is BuiltinOperator.Conv2D or BuiltinOperator.DepthwiseConv2D && Match.Of(graph, node) is { } match)
                changed |= Fuse(graph, match);
        }

        return changed;
    }

    private static bool Fuse(Graph graph, Match match)
    {
        int[]? edges = match.Edges();
        if (edges is null)
            return false;
        Node conv = match.Convolution;
        Value picture = match.SpaceToBatch.Input(0)!;
        int place = graph.Nodes.IndexOf(match.SpaceToBatch);
        bool isSame = match.IsSame(edges);
        if (!isSame && Array.Exists(edges, edge => edge != 0))
            picture = Insert(graph, place++, new Node($"{conv.Name}/Pad", BuiltinOperator.Pad, new NoOptions(OptionsType.PadOptions), [picture, match.Widths(edges)], [New(picture)]));
        if (match.Expand is { } expand)
            picture = Insert(graph, place, new Node(expand.Name, expand.Code, expand.Options, [picture, .. expand.Inputs.Skip(1)], [New(picture)]));

        var dilated = new Node(conv.Name, conv.Code, match.Dilated(isSame ? Padding.Same : Padding.Valid), [picture, .. conv.Inputs.Skip(1)], [match.Reduce is null ? match.BatchToSpace.Output : New(picture)]);
        graph.Nodes[graph.Nodes.IndexOf(conv)] = dilated;
        ShapeInference.Infer(dilated);
        if (match.Reduce is { } reduce)
            graph.Nodes[graph.Nodes.IndexOf(reduce)] = match.Renamed(reduce, dilated.Output);
        conv.ClearInputs();
        foreach (Node? old in (Node?[])[match.BatchToSpace, match.Reduce, match.Expand, match.SpaceToBatch])
        {
            if (old is not null)
                graph.Remove(old);
        }

        return true;
    }

    private static Value New(Value like) => new(like.Name, like.Type, Shape.Unknown);

    private static Value Insert(Graph graph, int place, Node node)
    {
        node.Output.Name = node.Name;
        ShapeInference.Infer(node);
        graph.Nodes.Insert(place, node);
        return node.Output;
    }

    /// <summary>The operators of one such group, each read by the next one only.</summary>
    private sealed record Match(Node SpaceToBatch, Node? Expand, Node Convolution, Node? Reduce, Node BatchToSpace, int[] Blocks)
    {
        public static Match? Of(Graph graph, Node convolution)
        {
            Node? expand = convolution.Input(0)?.Producer is { Code: BuiltinOperator.ExpandDims or BuiltinOperator.Reshape } before ? before : null;
            Node? toBatch = (expand ?? convolution).Input(0)?.Producer;
            Node? reduce = expand is null ? null : Reader(convolution.Output);
            Node? toSpace = Reader((reduce ?? convolution).Output);
            if (toBatch?.Code != BuiltinOperator.SpaceToBatchNd || toSpace?.Code != BuiltinOperator.BatchToSpaceNd || reduce?.Code is not (null or BuiltinOperator.Squeeze or BuiltinOperator.Reshape))
                return null;
            Node[] chain = [toBatch, .. expand is null ? [] : (Node[])[expand], convolution, .. reduce is null ? [] : (Node[])[reduce], toSpace];
            bool isChain = Enumerable.Range(0, chain.Length - 1).All(i => graph.IsReadOnlyBy(chain[i].Output, chain[i + 1]));
            bool isPlain = convolution.Options is Conv2DOptions { Padding: Padding.Valid, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1 }
                or DepthwiseConv2DOptions { Padding: Padding.Valid, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1 };
            if (!isChain || !isPlain || Numbers(toBatch, 1) is not { } blocks || Numbers(toSpace, 1) is not { } back || !blocks.SequenceEqual(back))
                return null;
            bool hasForm = blocks.Length == (expand is null ? 2 : 1) && toBatch.Input(0)!.Shape is { HasRank: true } shape && shape.Rank == blocks.Length + 2;
            return hasForm && (expand is null || IsOneRow(expand, convolution)) ? new Match(toBatch, expand, convolution, reduce, toSpace, blocks) : null;
        }

        /// <summary>Zeros before and behind each divided dimension that the convolution itself must see; null where more is cropped than was added.</summary>
        public int[]? Edges()
        {
            if (Numbers(SpaceToBatch, 2) is not { } added || Numbers(BatchToSpace, 2) is not { } cropped || added.Length != cropped.Length)
                return null;
            int[] edges = [.. added.Zip(cropped, (zeros, cut) => zeros - cut)];
            return Array.Exists(edges, edge => edge < 0) ? null : edges;
        }

        /// <summary>True where these are the zeros that SAME padding adds.</summary>
        public bool IsSame(int[] edges)
        {
            Shape filter = Convolution.Input(1)!.Shape;
            int[] size = Expand is null ? [filter[1].Value, filter[2].Value] : [Math.Max(filter[1].Value, filter[2].Value)];
            for (int d = 0; d < size.Length; d++)
            {
                int total = (size[d] - 1) * Blocks[d];
                if (edges[2 * d] != total / 2 || edges[2 * d + 1] != total - total / 2)
                    return false;
            }

            return true;
        }

        public Value Widths(int[] edges) => ConstantData.Reshaped(ConstantData.Of($"{Convolution.Name}/paddings", [0, 0, .. edges, 0, 0]), Blocks.Length + 2, 2);

        public OperatorOptions Dilated(Padding padding)
        {
            bool isColumn = Expand is not null && Convolution.Input(1)!.Shape[1] != 1;
            int height = Expand is null || isColumn ? Blocks[0] : 1, width = Expand is null ? Blocks[1] : isColumn ? 1 : Blocks[0];
            return Convolution.Options switch
            {
                Conv2DOptions conv => conv with { Padding = padding, DilationH = height, DilationW = width },
                DepthwiseConv2DOptions depthwise => depthwise with { Padding = padding, DilationH = height, DilationW = width },
                _ => throw new InvalidOperationException(),
            };
        }

        /// <summary>The SQUEEZE behind the dilated convolution, to the shape that the group had.</summary>
        public Node Renamed(Node reduce, Value input)
        {
            int row = input.Shape[1] == 1 ? 1 : 2;
            return new Node(reduce.Name, BuiltinOperator.Squeeze, new SqueezeOptions { SqueezeDims = [row] }, [input], [BatchToSpace.Output]);
        }

        /// <summary>The picture is one row or one column, and the filter lies along it.</summary>
        private static bool IsOneRow(Node expand, Node convolution)
        {
            Shape picture = expand.Output.Shape, sequence = expand.Input(0)!.Shape, filter = convolution.Input(1)!.Shape;
            if (picture is not { HasRank: true, Rank: 4 } || sequence is not { HasRank: true, Rank: 3 } || picture[0] != sequence[0] || picture[3] != sequence[2])
                return false;
            return expand.Code == BuiltinOperator.ExpandDims
                && ((picture[1] == 1 && filter[1] == 1 && picture[2] == sequence[1]) || (picture[2] == 1 && filter[2] == 1 && picture[1] == sequence[1]));
        }

        private static Node? Reader(Value value) => value.Consumers is [Node only] ? only : null;

        private static int[]? Numbers(Node node, int input) => node.Input(input) is { IsConstant: true } constant ? [.. ConstantData.Integers(constant).Select(number => (int)number)] : null;
    }
}
