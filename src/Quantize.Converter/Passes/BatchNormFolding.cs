using System.Runtime.InteropServices;
using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>
/// Multiplies weights and bias by what a MUL or DIV behind them multiplies each output channel by: the scaling half of a batch normalization. (Its adding
/// half is
/// <see cref="BiasFusion"/>'s.) In float32, one rounding for each weight, as Google's converter does it.
/// </summary>
internal static class BatchNormFolding
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
            changed |= node.Code is BuiltinOperator.Mul or BuiltinOperator.Div && Fold(graph, node);
        return changed;
    }

    private static bool Fold(Graph graph, Node scaling)
    {
        bool divides = scaling.Code == BuiltinOperator.Div;
        if (!ChannelConstant.TryMatch(graph, scaling, constantMayComeFirst: !divides, out Node weighted, out float[] factors))
            return false;
        Value weights = Scaled(weighted.Input(1)!, ChannelConstant.WeightAxis(weighted), factors, divides);
        Value? bias = weighted.Input(ChannelConstant.BiasInput(weighted)) is { } old ? Scaled(old, 0, factors, divides) : null;
        ChannelConstant.Absorb(graph, weighted, scaling, weights, bias);
        return true;
    }

    private static Value Scaled(Value constant, int axis, float[] factors, bool divides)
    {
        int[] shape = constant.Shape.ToArray();
        int inner = shape[(axis + 1)..].Aggregate(1, (product, dimension) => product * dimension);
        byte[] scaled = constant.Data.ToArray();
        Span<float> numbers = MemoryMarshal.Cast<byte, float>(scaled.AsSpan());
        for (int i = 0; i < numbers.Length; i++)
        {
            float factor = factors[i / inner % factors.Length];
            numbers[i] = divides ? numbers[i] / factor : numbers[i] * factor;
        }

        Value folded = Value.Constant(constant.Name, TensorType.Float32, shape, scaled);
        folded.Grid = constant.Grid?.Scaled(axis, factors, divides);
        return folded;
    }
}
