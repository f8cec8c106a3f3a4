using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>Moves an ADD or SUB of one constant for each output channel into the bias of the operator before it.</summary>
internal static class BiasFusion
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
            changed |= node.Code is BuiltinOperator.Add or BuiltinOperator.Sub && Fuse(graph, node);
        return changed;
    }

    private static bool Fuse(Graph graph, Node addition)
    {
        bool subtracts = addition.Code == BuiltinOperator.Sub;
        if (!ChannelConstant.TryMatch(graph, addition, constantMayComeFirst: !subtracts, out Node weighted, out float[] bias))
            return false;
        string name = addition.Inputs.First(input => input!.IsConstant)!.Name;
        for (int i = 0; i < bias.Length; i++)
        {
            float before = weighted.Input(ChannelConstant.BiasInput(weighted)) is { } old ? ConstantData.Floats(old)[i] : 0;
            bias[i] = subtracts ? before - bias[i] : before + bias[i];
        }

        ChannelConstant.Absorb(graph, weighted, addition, weighted.Input(1)!, ConstantData.Of(name, [bias.Length], bias));
        return true;
    }
}
