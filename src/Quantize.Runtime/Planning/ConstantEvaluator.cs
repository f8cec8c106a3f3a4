using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops;

namespace Quantize.Runtime.Planning;

/// <summary>Runs one operator whose inputs are known. The converter folds constants with it, on the scalar kernels, so that a fold gives the same bytes everywhere.</summary>
internal static class ConstantEvaluator
{
    /// <summary>A dense constant: type, shape, little-endian elements.</summary>
    internal sealed record Value(TensorType Type, int[] Shape, ReadOnlyMemory<byte> Data, QuantizationParameters? Quantization = null);

    /// <summary>What only the declaration of an output tells: its type, to the few operators that nothing else tells, and how it is quantized.</summary>
    internal readonly record struct Declared(TensorType Type, QuantizationParameters? Quantization = null);

    /// <summary>The outputs of the operator for these inputs; null stands for an optional input that is not given.</summary>
    /// <exception cref="ModelFormatException">The inputs do not suit the operator.</exception>
    public static Value[] Evaluate(BuiltinOperator code, OperatorOptions options, IReadOnlyList<Value?> inputs, IReadOnlyList<Declared> declared)
    {
        OperatorDefinition definition = OperatorTable.All.Find(code);
        TensorSlot?[] slots = [.. inputs.Select((input, i) => input is null ? null : new TensorSlot($"#{i}", input.Type, input.Shape) { Known = input.Data.ToArray(), Quantization = input.Quantization })];
        var shapes = new PlanShapeContext(null, code.ToString(), options, slots, [.. declared.Select(output => output.Type)]);
        definition.InferShapes(shapes);
        if (definition.IsStateful || (!definition.SizesItself && !shapes.IsStatic))
            throw shapes.Fail("gives what only a run can tell");
        TensorSlot[] outputs = [.. declared.Select((output, i) => shapes.Slot(i, $"={i}", () => i, quantization: output.Quantization))];
        var prepare = new PrepareContext(null, KernelSets.Scalar, Arithmetic.Precise, new PackedWeights(), code.ToString(), options, slots, outputs);
        Step step = definition.PrepareStep(prepare);
        TensorSlot[] results = Compute(null, new PlannedStep(step, code.ToString(), slots, outputs, prepare.ScratchSlots));
        return [.. results.Select((result, i) => new Value(result.Type, result.Shape, result.Known, declared[i].Quantization))];
    }

    /// <summary>Runs the step over an arena of its own and gives its outputs as known values.</summary>
    public static TensorSlot[] Compute(TfLiteModel? model, PlannedStep planned)
    {
        var arena = new ArenaPlanner();
        foreach (TensorSlot slot in planned.Outputs.Concat(planned.Scratch).Where(slot => slot.IsPlaced))
            arena.Add(slot, 0, 0);
        var memory = new AlignedBuffer(arena.Place());
        var context = new RunContext(model, memory.Span, new Frame(null, null));
        planned.Step.Run(context);
        var known = new TensorSlot[planned.Outputs.Length];
        for (int i = 0; i < known.Length; i++)
            known[i] = planned.Outputs[i].WithBytes(context.Read<byte>(planned.Outputs[i]).ToArray(), context.Shape(planned.Outputs[i]).ToArray());
        return known;
    }
}
