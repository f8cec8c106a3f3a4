using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Ops;

/// <summary>
/// Short integers and truths that follow from constants are computed while the graph is imported: axes, sizes and permutations, for which the importers ask, may come
/// from arithmetic.
/// </summary>
internal static class FixedIntegers
{
    /// <summary>Longer results wait for the passes.</summary>
    private const int MostElements = 64;

    /// <summary>The node's outputs as constants; null where an input is not known yet, or the outputs are none of these.</summary>
    public static Value[]? Of(Node node)
    {
        bool isShort = node.Outputs.All(output => output.Type is TensorType.Int32 or TensorType.Int64 or TensorType.Bool && output.Shape.IsStatic && output.Shape.ElementCount.Value <= MostElements);
        if (!isShort || node.Inputs.Count == 0 || !OperatorTable.All.Has(node.Code))
            return null;
        ConstantEvaluator.Value?[] operands = [.. node.Inputs.Select(Operand)];
        for (int i = 0; i < operands.Length; i++)
        {
            if (node.Inputs[i] is not null && operands[i] is null)
                return null;
        }

        try
        {
            ConstantEvaluator.Value[] results = ConstantEvaluator.Evaluate(node.Code, node.Options, operands, [.. node.Outputs.Select(output => new ConstantEvaluator.Declared(output.Type))]);
            return [.. results.Select((result, i) => Value.Constant(node.Outputs[i].Name, result.Type, result.Shape, result.Data))];
        }
        catch (Exception exception) when (exception is ModelFormatException or ArgumentException)
        {
            return null; // it is told where the operator is prepared
        }
    }

    /// <summary>A constant, or shape arithmetic whose elements are numbers.</summary>
    private static ConstantEvaluator.Value? Operand(Value? value)
    {
        if (value is { IsConstant: true })
            return value.Shape.ElementCount.Value <= MostElements ? new ConstantEvaluator.Value(value.Type, value.Shape.ToArray(), value.Data) : null;
        if (value?.Elements is not { } elements || !value.Shape.IsStatic || elements.Length != value.Shape.ElementCount || !Array.TrueForAll(elements, element => element.IsKnown))
            return null;
        return new ConstantEvaluator.Value(value.Type, value.Shape.ToArray(), Bytes(value.Type, elements));
    }

    private static byte[] Bytes(TensorType type, Dimension[] elements) => type == TensorType.Int64
        ? [.. elements.SelectMany(element => BitConverter.GetBytes((long)element.Value))]
        : [.. elements.SelectMany(element => BitConverter.GetBytes(element.Value))];
}
