using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Converter.Passes;

/// <summary>
/// Computes nodes whose inputs are all constants, with the runtime's scalar kernels: the same bytes under every instruction set. What has no kernel stays.
/// </summary>
internal static class ConstantFolding
{
    /// <summary>A result of more bytes than this stays computed where its inputs are smaller: a broadcast would only blow up the file.</summary>
    private const long LargestGrowth = 1 << 16;

    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (!IsFoldable(node) || Evaluate(node) is not { } results)
                continue;
            for (int i = 0; i < results.Length; i++)
                graph.ReplaceUses(node.Outputs[i], Value.Constant(node.Outputs[i].Name, results[i].Type, results[i].Shape, results[i].Data));
            graph.Remove(node);
            changed = true;
        }

        return changed;
    }

    /// <summary>Null where there is no kernel for the types.</summary>
    private static ConstantEvaluator.Value[]? Evaluate(Node node)
    {
        try
        {
            return ConstantEvaluator.Evaluate(node.Code, node.Options, [.. node.Inputs.Select(Operand)], [.. node.Outputs.Select(output => output.Type)]);
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static bool IsFoldable(Node node) =>
        node.Refusal is null
        && node.Outputs.Count > 0
        && node.Outputs.All(output => output.Type != TensorType.Resource)
        && node.Inputs.All(input => input is null or { IsConstant: true })
        && node.Outputs.All(output => output.Shape.IsStatic)
        && node.Outputs.Sum(Bytes) <= Math.Max(LargestGrowth, node.Inputs.OfType<Value>().Sum(Bytes));

    private static long Bytes(Value value) => value.Type.ByteCount(value.Shape.ElementCount.Value);

    private static ConstantEvaluator.Value? Operand(Value? input) =>
        input is null ? null : new ConstantEvaluator.Value(input.Type, input.Shape.ToArray(), input.Data);
}
