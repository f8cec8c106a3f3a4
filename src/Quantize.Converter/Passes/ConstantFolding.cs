using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
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
                graph.ReplaceUses(node.Outputs[i], Folded(node, node.Outputs[i], results[i]));
            graph.Remove(node);
            changed = true;
        }

        return changed;
    }

    private static Value Folded(Node node, Value output, ConstantEvaluator.Value result)
    {
        Value folded = Value.Constant(output.Name, result.Type, result.Shape, result.Data);
        (folded.Quantization, folded.Grid) = (result.Quantization, GridBehind(node));
        return folded;
    }

    /// <summary>The grid that training has left the result on, where it has.</summary>
    private static Grid? GridBehind(Node node) => node.Input(0) is not { } input ? null : node.Code switch
    {
        BuiltinOperator.Dequantize when input.Quantization is { } quantization => new Grid(quantization.Scales, quantization.Axis),
        BuiltinOperator.FakeQuant when node.Options is FakeQuantOptions fake => new Grid([FakeRange.Of(fake.Min, fake.Max, fake.NumBits, fake.NarrowRange).Scale], 0),
        BuiltinOperator.Reshape or BuiltinOperator.Squeeze or BuiltinOperator.ExpandDims => input.Grid?.Reshaped(input.Shape.ToArray(), node.Output.Shape.ToArray()),
        BuiltinOperator.Transpose => input.Grid?.Transposed([.. ConstantData.Integers(node.Input(1)!).Select(axis => (int)axis)]),
        _ => null,
    };

    /// <summary>Null where there is no kernel for the types.</summary>
    private static ConstantEvaluator.Value[]? Evaluate(Node node)
    {
        try
        {
            return ConstantEvaluator.Evaluate(node.Code, node.Options, [.. node.Inputs.Select(Operand)], [.. node.Outputs.Select(output => new ConstantEvaluator.Declared(output.Type, output.Quantization))]);
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
        input is null ? null : new ConstantEvaluator.Value(input.Type, input.Shape.ToArray(), input.Data, input.Quantization);
}
