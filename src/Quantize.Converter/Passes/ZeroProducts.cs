using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>
/// A product of zeros and what is never infinite is zeros: a gate of a recurrent cell and its first state. (Google's converter takes every product with zeros for zeros.)
/// </summary>
internal static class ZeroProducts
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Code != BuiltinOperator.Mul || node.Output is not { Type: TensorType.Float32, Shape.IsStatic: true } product || graph.IsOutput(product))
                continue;
            Value a = node.Input(0)!, b = node.Input(1)!;
            if (!(ConstantData.IsAll(a, 0) && IsBounded(b)) && !(ConstantData.IsAll(b, 0) && IsBounded(a)))
                continue;
            int[] shape = product.Shape.ToArray();
            graph.ReplaceUses(product, ConstantData.Of(product.Name, shape, new float[product.Shape.ElementCount.Value]));
            graph.Remove(node);
            changed = true;
        }

        return changed;
    }

    private static bool IsBounded(Value value) => value.Producer is { } node && node.Code switch
    {
        BuiltinOperator.Logistic or BuiltinOperator.Tanh or BuiltinOperator.Softmax => true,
        BuiltinOperator.Split => node.Input(1)!.Producer is { Code: BuiltinOperator.Logistic or BuiltinOperator.Tanh },
        _ => false,
    };
}
