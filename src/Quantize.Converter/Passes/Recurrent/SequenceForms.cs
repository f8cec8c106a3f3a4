using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>Forms of a sequence: time or batch first, its steps in the opposite order, its last step. New nodes stand before the loop that they replace.</summary>
internal sealed class SequenceForms(Graph graph, Node loop)
{
    public Value Add(Node node)
    {
        ShapeInference.Infer(node);
        graph.Nodes.Insert(graph.Nodes.IndexOf(loop), node);
        return node.Output;
    }

    /// <summary>The sequence with its batch first, where it was made from that; null where that would be another transposition.</summary>
    public Value? BatchMajor(Value timeMajor)
    {
        if (timeMajor.Producer is not { } node)
            return null;
        if (node.Code == BuiltinOperator.Transpose && node.Input(1)!.Elements is [var first, var second, _] && first == 1 && second == 0)
            return node.Input(0);
        if (node.Code == BuiltinOperator.Reshape && node.Input(0)!.Shape is { HasRank: true, Rank: 3 } from && from[0] == 1 && timeMajor.Shape[1] == 1 && from[1] == timeMajor.Shape[0] && from[2] == timeMajor.Shape[2])
            return node.Input(0);
        bool isReversed = node.Code == BuiltinOperator.ReverseV2 && node.Input(1)!.Elements is [var axis] && axis == 0;
        return isReversed && BatchMajor(node.Input(0)!) is { } steps ? Reversed(steps, 1) : null;
    }

    public Value Reversed(Value steps, int axis) => Call(BuiltinOperator.ReverseV2, new NoOptions(OptionsType.ReverseV2Options), "reversed", steps, ConstantData.Of($"{loop.Name}/axis", axis));

    /// <summary>Time and batch the other way round.</summary>
    public Value Swapped(Value steps) => Call(BuiltinOperator.Transpose, new NoOptions(OptionsType.TransposeOptions), "transposed", steps, ConstantData.Of($"{loop.Name}/permutation", 1, 0, 2));

    public Value Reshaped(Value value, int[] shape) => Call(BuiltinOperator.Reshape, new ReshapeOptions(), "reshaped", value, ConstantData.Of($"{loop.Name}/shape", shape));

    public Value Last(Value steps, int axis)
    {
        int others = 0b111 & ~(1 << axis);
        int[] begin = [0, 0, 0];
        begin[axis] = -1;
        return Call(
            BuiltinOperator.StridedSlice, new StridedSliceOptions { BeginMask = others, EndMask = others, ShrinkAxisMask = 1 << axis }, "last",
            steps, ConstantData.Of($"{loop.Name}/begin", begin), ConstantData.Of($"{loop.Name}/end", 0, 0, 0), ConstantData.Of($"{loop.Name}/strides", 1, 1, 1));
    }

    private Value Call(BuiltinOperator code, OperatorOptions options, string what, params Value[] inputs) =>
        Add(new Node($"{loop.Name}/{what}", code, options, inputs, [new Value($"{loop.Name}/{what}", TensorType.Float32, Shape.Unknown)]));
}
