using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops;

namespace Quantize.Runtime.Planning;

/// <summary>
/// Turns a subgraph and input shapes into a plan: shapes by the operators' rules, what is known already computed on the spot, a step for the rest, and a place
/// in the arena for every tensor while it is alive.
/// </summary>
internal sealed class Planner(TfLiteModel model, KernelSet kernels, Arithmetic arithmetic, OperatorTable operators, bool keepAllTensors)
{
    private readonly PackedWeights _packed = new();

    /// <summary>Refuses a model with operators that the table lacks, all at once.</summary>
    public void CheckOperators()
    {
        string[] missing = [.. model.Subgraphs.SelectMany(subgraph => subgraph.Operators).Where(op => !operators.Has(op.Code)).Select(op => op.Name).Distinct().Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
            throw new ModelFormatException($"the model uses operators that this runtime does not have: {string.Join(", ", missing)}");
    }

    /// <summary>Inputs and outputs are in the signature's order, which need not be the subgraph's.</summary>
    public Plan Plan(EntryPoint entry, int[][] inputShapes)
    {
        Subgraph subgraph = model.Subgraphs[entry.Subgraph];
        var slots = new TensorSlot?[subgraph.Tensors.Length];
        PlaceConstants(subgraph, slots);
        var inputs = new TensorSlot[entry.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor tensor = subgraph.Tensors[entry.Inputs[i]];
            inputs[i] = slots[tensor.Index] = new TensorSlot(tensor.Name, tensor.Type, [.. inputShapes[i]]) { Index = tensor.Index, Quantization = tensor.Quantization };
        }

        List<PlannedStep> steps = [];
        foreach (Operator op in subgraph.Operators)
            AddChecked(subgraph, op, slots, steps);

        TensorSlot[] outputs = [.. entry.Outputs.Select(tensor => slots[tensor] ?? throw new ModelFormatException($"no operator computes the output '{subgraph.Tensors[tensor].Name}'"))];
        int arenaBytes = PlaceInArena(inputs, outputs, steps);
        return new Plan(
            [.. inputShapes.Select(shape => (int[])shape.Clone())],
            inputs,
            outputs,
            slots,
            [.. steps.Select(step => step.Step)],
            [.. steps.Select(step => new PlannedOperator(step.Outputs[0].Name, step.Name, step.Step.Kernel, step.Outputs[0].Shape) { MultiplyAdds = step.MultiplyAdds })],
            arenaBytes);
    }

    private void PlaceConstants(Subgraph subgraph, TensorSlot?[] slots)
    {
        foreach (Tensor tensor in subgraph.Tensors)
        {
            if (!tensor.IsConstant)
                continue;
            if (tensor.Sparsity is not null)
                model.Data(tensor); // a damaged index is told now, not by the first run
            slots[tensor.Index] = new TensorSlot(tensor.Name, tensor.Type, tensor.Shape) { Index = tensor.Index, Quantization = tensor.Quantization, Constant = tensor };
        }
    }

    /// <summary>Files are hostile: where operands do not fit each other in a way that no rule of the operator foresaw, that too is a fact about the file.</summary>
    private void AddChecked(Subgraph subgraph, Operator op, TensorSlot?[] slots, List<PlannedStep> steps)
    {
        string name = $"{op.Name} '{(op.Outputs.Length > 0 ? subgraph.Tensors[op.Outputs[0]].Name : "")}'";
        try
        {
            Add(subgraph, op, name, slots, steps);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or InvalidOperationException or ArithmeticException)
        {
            throw new ModelFormatException($"operator {name} has operands or options that do not fit each other: {exception.Message}", exception);
        }
    }

    private void Add(Subgraph subgraph, Operator op, string name, TensorSlot?[] slots, List<PlannedStep> steps)
    {
        TensorSlot?[] inputs = [.. op.Inputs.Select(tensor => tensor < 0 ? null : slots[tensor] ?? throw new ModelFormatException($"operator {name} reads '{subgraph.Tensors[tensor].Name}' before it is computed"))];
        OperatorDefinition definition = operators.Find(op.Code);
        var shapes = new PlanShapeContext(model, name, op.Options, inputs, [.. op.Outputs.Select(tensor => subgraph.Tensors[tensor].Type)]);
        definition.InferShapes(shapes);

        var outputs = new TensorSlot[op.Outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            (TensorType type, int[] shape) = shapes.Result(i);
            Tensor tensor = subgraph.Tensors[op.Outputs[i]];
            if (tensor.Type != type)
                throw new ModelFormatException($"operator {name} computes {type}, but its output tensor is {tensor.Type}");
            outputs[i] = slots[tensor.Index] = new TensorSlot(tensor.Name, type, shape) { Index = tensor.Index, Quantization = tensor.Quantization };
        }

        var prepare = new PrepareContext(model, kernels, arithmetic, _packed, name, op.Options, inputs, outputs);
        Step step = definition.Prepare(prepare);
        var planned = new PlannedStep(step, op.Name, inputs, outputs, prepare.ScratchSlots, definition.MultiplyAdds(prepare));
        if (definition.IsKnownWithoutRun(inputs))
            ConstantEvaluator.Compute(model, planned);
        else
            steps.Add(planned);
    }

    /// <summary>Inputs live until their last reader, outputs to the end, everything else between its writer and its last reader.</summary>
    private int PlaceInArena(TensorSlot[] inputs, TensorSlot[] outputs, List<PlannedStep> steps)
    {
        var last = new Dictionary<TensorSlot, int>();
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (TensorSlot? input in steps[i].Inputs)
            {
                if (input is not null)
                    last[input] = i;
            }
        }

        foreach (TensorSlot output in outputs)
            last[output] = steps.Count;
        int Last(TensorSlot slot, int first) => keepAllTensors ? steps.Count : Math.Max(first, last.GetValueOrDefault(slot, first));

        var arena = new ArenaPlanner();
        foreach (TensorSlot input in inputs)
            arena.Add(input, -1, Last(input, -1));
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (TensorSlot output in steps[i].Outputs)
                arena.Add(output, i, Last(output, i));
            foreach (TensorSlot scratch in steps[i].Scratch)
                arena.Add(scratch, i, i);
        }

        try
        {
            return arena.Place();
        }
        catch (OverflowException exception)
        {
            throw new ModelFormatException("the intermediate tensors of these input shapes would take more than 2 GB", exception);
        }
    }
}
