using System.Runtime.InteropServices;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A TensorArray is an object behind a handle, and a "flow" orders what happens to it. Here the flow becomes the array itself, as a TensorList is, and the handle goes.
/// </summary>
internal static class TensorArrays
{
    private static readonly Dictionary<string, Action<TfGraph, TfNode>> s_rewrites = new(StringComparer.Ordinal)
    {
        ["TensorArrayCloseV3"] = (_, node) => Become(node, "NoOp"),
        ["TensorArrayConcatV3"] = Concat,
        ["TensorArrayGatherV3"] = Gather,
        ["TensorArrayReadV3"] = Read,
        ["TensorArrayScatterV3"] = Scatter,
        ["TensorArraySizeV3"] = (_, node) => Become(node, "TensorListLength", node.Inputs[1]),
        ["TensorArraySplitV3"] = Split,
        ["TensorArrayWriteV3"] = Write,
    };

    public static void Run(TfGraph graph)
    {
        TfGraph[] graphs = [graph, .. graph.Functions.Values.Select(function => function.Body)];
        foreach (TfGraph one in graphs)
        {
            foreach (TfNode node in one.Nodes.Where(node => s_rewrites.ContainsKey(node.Op)).ToArray())
                s_rewrites[node.Op](one, node);
            foreach (TfNode node in one.Nodes.Where(node => node.Op == "TensorArrayV3").ToArray())
                Make(one, node);
        }
    }

    /// <summary>The list is a node of its own; what is left of the array's node is a handle that nobody follows.</summary>
    private static void Make(TfGraph graph, TfNode array)
    {
        var list = new TfNode($"{array.Name}/list", "TensorListReserve");
        list.Attributes["element_dtype"] = array.Attribute("dtype", TfDataType.Float32);
        list.Inputs.AddRange([Shape(graph, array, array.Attribute("element_shape", TfShape.Unknown)), array.Inputs[0]]);
        graph.Nodes.Add(list);
        foreach (TfNode node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] == new TfEdge(array, 1))
                    node.Inputs[i] = new TfEdge(list, 0);
            }
        }

        ScalarConstants.Become(array, TfDataType.Int32, new byte[sizeof(int)]);
    }

    private static void Write(TfGraph graph, TfNode node)
    {
        bool grows = IsDynamic(node);
        Become(node, "TensorListSetItem", node.Inputs[3], node.Inputs[1], node.Inputs[2]);
        node.Attributes["resize_if_index_out_of_bounds"] = grows;
    }

    private static void Read(TfGraph graph, TfNode node) => Become(node, "TensorListGetItem", node.Inputs[2], node.Inputs[1], Shape(graph, node, TfShape.Unknown));

    private static void Gather(TfGraph graph, TfNode node) =>
        Become(node, "TensorListGather", node.Inputs[2], node.Inputs[1], Shape(graph, node, node.Attribute("element_shape", TfShape.Unknown)));

    /// <summary>Into an array that grows as needed, everything is new.</summary>
    private static void Scatter(TfGraph graph, TfNode node)
    {
        if (IsDynamic(node) && node.Inputs[3].Node.Op == "TensorArrayV3")
            Become(node, "TensorListScatter", node.Inputs[2], node.Inputs[1], Shape(graph, node, TfShape.Unknown));
        else
            Become(node, "TensorListScatterIntoExistingList", node.Inputs[3], node.Inputs[2], node.Inputs[1]);
    }

    private static void Concat(TfGraph graph, TfNode node) =>
        Become(node, "TensorListConcatV2", node.Inputs[1], Shape(graph, node, TfShape.Unknown));

    private static void Split(TfGraph graph, TfNode node) => Become(node, "TensorListSplit", node.Inputs[1], Shape(graph, node, TfShape.Unknown), node.Inputs[2]);

    private static void Become(TfNode node, string op, params TfEdge[] inputs)
    {
        node.Op = op;
        node.Inputs.Clear();
        node.Inputs.AddRange(inputs);
    }

    private static bool IsDynamic(TfNode node)
    {
        TfEdge handle = node.Inputs[0];
        for (int step = 0; step < ScalarConstants.DeepestChain && handle.Node is { Op: "Identity" or "Enter" or "Switch", Inputs.Count: > 0 } hop; step++)
            handle = hop.Inputs[0];
        return handle.Node.Op == "TensorArrayV3" && handle.Node.Attribute("dynamic_size", false);
    }

    /// <summary>The shape as a constant: a single -1 where nothing is known.</summary>
    private static TfEdge Shape(TfGraph graph, TfNode owner, TfShape shape)
    {
        int[] numbers = [.. shape.Dimensions?.Select(dimension => (int)Math.Clamp(dimension, -1, int.MaxValue)) ?? [-1]];
        var node = new TfNode($"{owner.Name}/element_shape", "Const");
        node.Attributes["dtype"] = TfDataType.Int32;
        node.Attributes["value"] = new TfTensor(TfDataType.Int32, shape.Dimensions is null ? [] : [numbers.Length], MemoryMarshal.AsBytes<int>(numbers).ToArray());
        graph.Nodes.Add(node);
        return new TfEdge(node, 0);
    }
}
