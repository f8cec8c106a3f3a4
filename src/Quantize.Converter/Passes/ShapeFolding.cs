using System.Runtime.InteropServices;
using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes;

/// <summary>
/// Shape arithmetic that needs no run: integers whose elements are known become constants, and a RESHAPE to a computed shape gets a constant one with -1 in
/// the place of the only open dimension. The SHAPE, STRIDED_SLICE and PACK before it are dead then.
/// </summary>
internal static class ShapeFolding
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            changed |= FoldOutput(graph, node);
            changed |= FoldNewShape(graph, node);
        }

        return changed;
    }

    private static bool FoldOutput(Graph graph, Node node)
    {
        if (node.Outputs is not [Value output] || (output.Consumers.Count == 0 && !graph.IsOutput(output)))
            return false;
        if (output.Elements is not { } elements || !Array.TrueForAll(elements, element => element.IsKnown) || Bytes(output.Type, elements) is not { } bytes)
            return false;
        graph.ReplaceUses(output, Value.Constant(output.Name, output.Type, output.Shape.ToArray(), bytes));
        return true;
    }

    private static byte[]? Bytes(TensorType type, Dimension[] elements) => type switch
    {
        TensorType.Int32 => MemoryMarshal.AsBytes<int>(elements.Select(element => element.Value).ToArray()).ToArray(),
        TensorType.Int64 => MemoryMarshal.AsBytes<long>(elements.Select(element => (long)element.Value).ToArray()).ToArray(),
        _ => null,
    };

    private static bool FoldNewShape(Graph graph, Node node)
    {
        if (node.Code != BuiltinOperator.Reshape || node.Input(1) is not { } wanted || !node.Output.Shape.HasRank)
            return false;
        IReadOnlyList<Dimension> dimensions = node.Output.Shape.Dimensions;
        if (dimensions.Count(dimension => !dimension.IsKnown) > 1)
            return false;
        if (dimensions.Count == 0)
            return ToScalar(graph, node);
        int[] numbers = [.. dimensions.Select(dimension => dimension.IsKnown ? dimension.Value : -1)];
        if (wanted.IsConstant && wanted.Type == TensorType.Int32 && ConstantData.Integers(wanted).SequenceEqual(numbers.Select(number => (long)number)))
            return false;
        node.SetInput(1, ConstantData.Of($"{node.Name}/shape", numbers));
        return true;
    }

    /// <summary>The shape of a scalar has no elements, and a constant without elements is none in the file: a SQUEEZE does it.</summary>
    private static bool ToScalar(Graph graph, Node reshape)
    {
        var squeeze = new Node(reshape.Name, BuiltinOperator.Squeeze, new SqueezeOptions(), [reshape.Input(0)], [reshape.Output]);
        graph.Nodes[graph.Nodes.IndexOf(reshape)] = squeeze;
        reshape.ClearInputs();
        ShapeInference.Infer(squeeze);
        return true;
    }
}
