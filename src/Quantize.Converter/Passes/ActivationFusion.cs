using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>Moves a RELU or RELU6 into the operator whose result it takes.</summary>
internal static class ActivationFusion
{
    private static readonly Dictionary<BuiltinOperator, ActivationFunction> s_activations = new()
    {
        [BuiltinOperator.Relu] = ActivationFunction.Relu,
        [BuiltinOperator.Relu6] = ActivationFunction.Relu6,
    };

    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
            changed |= s_activations.TryGetValue(node.Code, out ActivationFunction activation) && Fuse(graph, node, activation);
        return changed;
    }

    private static bool Fuse(Graph graph, Node node, ActivationFunction activation)
    {
        Value input = node.Input(0)!;
        if (input.Producer is not { } producer || input.Type != TensorType.Float32 || !graph.IsReadOnlyBy(input, node))
            return false;
        if (FusedActivation.Of(producer.Options) != ActivationFunction.None)
            return false;
        graph.Fuse(producer, node, FusedName.WithActivation(producer, node), FusedActivation.With(producer.Options, activation), producer.Inputs);
        return true;
    }
}
