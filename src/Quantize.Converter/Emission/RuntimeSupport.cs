using System.Runtime.InteropServices;
using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Passes;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Emission;

/// <summary>What is written must run: every operator is prepared once, as the runtime will do it.</summary>
internal static class RuntimeSupport
{
    /// <exception cref="ConversionException">Operators without a kernel for their types; all of them at once.</exception>
    public static void Check(Module module, string file)
    {
        ModelDiagnostic[] problems = [.. module.Graphs.SelectMany(Faults)
            .Where(fault => fault.Fact is not null)
            .OrderBy(fault => fault.Name, StringComparer.Ordinal)
            .Select(fault => new ModelDiagnostic(DiagnosticTable.UnsupportedOperation, file, fault.Name, fault.Code, fault.Fact!))];
        if (problems.Length > 0)
            throw new ConversionException(problems);
    }

    private static IEnumerable<(string Name, string Code, string? Fact)> Faults(Graph graph)
    {
        HashSet<Value> planned = [];
        foreach (Node node in graph.Nodes.Where(node => node.Code != BuiltinOperator.Custom))
        {
            // An operand that the plan computes is a number then, which it is not yet.
            string? fact = node.Inputs.Any(input => input is not null && planned.Contains(input)) ? null : Fault(node);
            yield return (FusedName.Product(node), node.Code.ToString(), fact);
            bool isPlanned = OperatorTable.All.Find(node.Code).DependsOnShapesOnly || (node.Inputs.Count > 0 && node.Inputs.All(input => input is null or { IsConstant: true } || planned.Contains(input)));
            if (isPlanned)
                planned.UnionWith(node.Outputs);
        }
    }

    private static string? Fault(Node node)
    {
        Value[] operands = [.. node.Inputs.OfType<Value>(), .. node.Outputs];
        OperatorDefinition definition = OperatorTable.All.Find(node.Code);
        bool hasState = (definition.IsStateful && !Array.Exists(operands, operand => operand.IsVariable)) || Array.Exists(operands, operand => operand.Type == TensorType.Resource);
        if (definition.PlanSubgraphs is not null || hasState || !Array.TrueForAll(operands, HasOnlyTheBatchOpen))
            return null;
        TensorSlot?[] inputs = [.. node.Inputs.Select(Slot)];
        TensorSlot[] outputs = [.. node.Outputs.Select(output => Slot(output)!)];
        var context = new PrepareContext(null, KernelSets.Scalar, Arithmetic.Precise, new PackedWeights(), $"{node.Code}", node.Options, inputs, outputs);
        try
        {
            definition.Prepare(context);
            return null;
        }
        catch (ModelFormatException) when (context.Unknown is not null)
        {
            return null; // a run plans it when it has the value
        }
        catch (ModelFormatException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Other open dimensions have no number that surely makes sense.</summary>
    private static bool HasOnlyTheBatchOpen(Value value) =>
        value.Shape.HasRank && value.Shape.Dimensions.All(dimension => dimension.IsKnown || dimension == Dimension.Symbol(OpenDimension.Batch));

    private static TensorSlot? Slot(Value? value)
    {
        if (value is null)
            return null;
        int[] shape = [.. value.Shape.Dimensions.Select(dimension => dimension.IsKnown ? dimension.Value : 1)];
        return new TensorSlot(value.Name, value.Type, shape)
        {
            Quantization = value.Quantization,
            Known = value.IsConstant ? Bytes(value.Data) : null,
            Variable = value.IsVariable ? 0 : -1,
        };
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> data) =>
        MemoryMarshal.TryGetArray(data, out ArraySegment<byte> segment) && segment.Count == segment.Array!.Length ? segment.Array : data.ToArray();
}
