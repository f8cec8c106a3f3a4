using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Ops.Fusion;

namespace Quantize.Runtime.Planning;

/// <summary>
/// Turns a subgraph and input shapes into a plan: shapes by the operators' rules, what is known already computed on the spot, a step for the rest, and a place
/// in the arena for every tensor while it is alive. Where a shape depends on values, the plan is cut, and the rest is planned when the values are there.
/// </summary>
internal sealed class Planner(TfLiteModel model, KernelSet kernels, Arithmetic arithmetic, OperatorTable operators, CompileOptions options)
{
    private readonly Dictionary<string, OperatorDefinition> _customs = Customs(options.CustomOperators);

    public TfLiteModel Model => model;

    public KernelSet Kernels => kernels;

    public Arithmetic Arithmetic => arithmetic;

    public PackedWeights Packed { get; } = new();

    /// <summary>The variables and tables of the model.</summary>
    public StateLayout State { get; } = new(model);

    /// <summary>Threads that a session gets.</summary>
    public int Threads { get; } = options.Workers.Threads(options.Threads);

    /// <summary>Iterations after which a loop is taken for one that never ends.</summary>
    public int LoopLimit => options.LoopLimit;

    /// <summary>Refuses a model with operators that the table lacks, all at once.</summary>
    public void CheckOperators()
    {
        Operator[] all = [.. model.Subgraphs.SelectMany(subgraph => subgraph.Operators)];
        string[] missing = [.. Names(all.Where(op => op.Code != BuiltinOperator.Custom && !operators.Has(op.Code)))];
        string[] custom = [.. Names(all.Where(op => op.Code == BuiltinOperator.Custom && !_customs.ContainsKey(op.CustomCode)))];
        if (missing.Length + custom.Length == 0)
            return;
        string register = custom.Length > 0 ? $"; {string.Join(", ", custom)}: a custom operator is registered in {nameof(CompileOptions)}.{nameof(CompileOptions.CustomOperators)}" : "";
        throw new ModelFormatException($"the model uses operators that this runtime does not have: {string.Join(", ", missing.Concat(custom))}{register}");
    }

    public OperatorDefinition Find(Operator op) => op.Code == BuiltinOperator.Custom ? _customs[op.CustomCode] : operators.Find(op.Code);

    /// <summary>Inputs and outputs are in the signature's order, which need not be the subgraph's.</summary>
    public Plan Plan(EntryPoint entry, int[][] inputShapes)
    {
        Subgraph subgraph = model.Subgraphs[entry.Subgraph];
        TensorSlot?[] slots = FixedSlots(subgraph);
        var inputs = new TensorSlot[entry.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor tensor = subgraph.Tensors[entry.Inputs[i]];
            int buffer = tensor.Type == TensorType.String ? i : -1;
            inputs[i] = slots[tensor.Index] = new TensorSlot(tensor.Name, tensor.Type, [.. inputShapes[i]]) { Index = tensor.Index, Quantization = tensor.Quantization, Buffer = buffer };
        }

        return Plan(subgraph, entry.Outputs, slots, inputs, 0, new PlanNumbers(inputs.Length));
    }

    /// <summary>A subgraph that a step calls in the run: its inputs are known, or the first buffers of its frame.</summary>
    public Plan Plan(Subgraph subgraph, TensorSlot[] inputs)
    {
        TensorSlot?[] slots = FixedSlots(subgraph);
        for (int i = 0; i < inputs.Length; i++)
            slots[subgraph.Inputs[i]] = Argument(subgraph, i, inputs[i]);
        return Plan(subgraph, subgraph.Outputs, slots, inputs, 0, new PlanNumbers(inputs.Length));
    }

    /// <summary>What follows a plan that is cut, now that its steps have run.</summary>
    public Plan Continue(Plan earlier, Frame frame, in RunContext context)
    {
        Cut cut = earlier.Cut!;
        int[][] shapes = [.. cut.Sized.Select(slot => frame.Buffer(slot.Buffer).Shape.ToArray())];
        byte[][] values = new byte[cut.Values.Length][];
        for (int i = 0; i < values.Length; i++)
            values[i] = context.Read<byte>(cut.Values[i]).ToArray();

        var slots = new TensorSlot?[earlier.Slots.Length];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = earlier.Slots[i] is { } slot ? After(slot, earlier, shapes, values) : null;
        Plan rest = Plan(earlier.Subgraph, earlier.OutputTensors, slots, earlier.Inputs, cut.NextOperator, new PlanNumbers(earlier.Buffers));
        return rest with
        {
            Operators = [.. earlier.Operators, .. rest.Operators],
            GivenShapes = shapes,
            GivenValues = values,
        };
    }

    /// <summary>The tensors of a subgraph that need no step: constants of the file and those that its operators change in place.</summary>
    public TensorSlot?[] FixedSlots(Subgraph subgraph)
    {
        var slots = new TensorSlot?[subgraph.Tensors.Length];
        foreach (Tensor tensor in subgraph.Tensors)
        {
            int variable = State.VariableTensor(subgraph, tensor);
            if (tensor.IsConstant && tensor.Sparsity is not null)
                model.Data(tensor); // a damaged index is told now, not by the first run
            if (tensor.IsConstant)
                slots[tensor.Index] = Constant(tensor);
            else if (variable >= 0)
                slots[tensor.Index] = new TensorSlot(tensor.Name, tensor.Type, tensor.Shape) { Index = tensor.Index, Quantization = tensor.Quantization, Variable = variable };
        }

        return slots;
    }

    /// <summary>The caller's tensor as an input of a subgraph.</summary>
    public TensorSlot Argument(Subgraph subgraph, int input, TensorSlot argument)
    {
        Tensor tensor = subgraph.Tensors[subgraph.Inputs[input]];
        return tensor.Type == argument.Type
            ? argument
            : throw new ModelFormatException($"the subgraph '{subgraph.Name}' takes '{tensor.Name}' as {tensor.Type}, but '{argument.Name}' is {argument.Type}");
    }

    /// <summary>Where the tensors of these steps lie; what belongs to a caller has its place already.</summary>
    public ArenaLayout Layout(List<PlannedStep> steps, IEnumerable<TensorSlot> inputs, HashSet<TensorSlot> kept, HashSet<TensorSlot> callers) =>
        new(steps, inputs, kept, callers, options.KeepAllTensors);

    /// <summary>The user's custom operators before the runtime's own.</summary>
    private static Dictionary<string, OperatorDefinition> Customs(IReadOnlyList<CustomOperator> customs) =>
        customs.Concat(CustomOperators.BuiltIn).DistinctBy(custom => custom.Name).ToDictionary(custom => custom.Name, CustomDefinition.Of);

    private static IEnumerable<string> Names(IEnumerable<Operator> operators) => operators.Select(op => op.Name).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Makes one step of several where that pays, and gives the tensors that there are no more; none where all are to be read after a run.</summary>
    public IReadOnlyList<TensorSlot> Fuse(List<PlannedStep> steps, HashSet<TensorSlot> kept) =>
        options.KeepAllTensors ? [] : [.. new StepFusion(steps, kept).Run(), .. PointwiseSteps.Join(steps, kept)];

    private Plan Plan(Subgraph subgraph, int[] outputTensors, TensorSlot?[] slots, TensorSlot[] inputs, int firstOperator, PlanNumbers numbers)
    {
        int arenaBuffer = numbers.NewBuffer();
        var segment = new SegmentPlanner(this, subgraph, slots, numbers);
        segment.PlanFrom(firstOperator);

        TensorSlot?[] outputs = [.. outputTensors.Select(tensor => slots[tensor])];
        int missing = segment.Cut is null ? Array.IndexOf(outputs, null) : -1;
        if (missing >= 0)
            throw new ModelFormatException($"no operator computes the output '{subgraph.Tensors[outputTensors[missing]].Name}'");
        HashSet<TensorSlot> kept = [.. outputs.OfType<TensorSlot>(), .. ReadAfter(subgraph, segment.Cut, slots)];
        foreach (TensorSlot gone in Fuse(segment.Steps, kept))
            slots[gone.Index] = null;
        ArenaLayout layout = Layout(segment.Steps, firstOperator == 0 ? inputs : [], kept, []);
        int arenaBytes = layout.Fix();
        foreach (PlannedStep step in segment.Steps)
        {
            foreach (Block block in step.Blocks)
                block.MoveTo(step.Memory!.Offset);
        }

        return new Plan(subgraph, outputTensors, slots, [.. segment.Steps.Select(step => step.Step)])
        {
            StepOperators = [.. segment.Steps.Select(step => step.Describe(depth: 0).First())],
            Operators = [.. segment.Steps.SelectMany(step => step.Describe(depth: 0))],
            Inputs = inputs,
            Outputs = outputs,
            ArenaBuffer = arenaBuffer,
            ArenaBytes = arenaBytes,
            LeastArenaBytes = layout.LowerBound,
            Buffers = numbers.Buffers,
            Cut = segment.Cut,
        };
    }

    private static IEnumerable<TensorSlot> ReadAfter(Subgraph subgraph, Cut? cut, TensorSlot?[] slots) => cut is null
        ? []
        : subgraph.Operators.Skip(cut.NextOperator).SelectMany(op => op.Inputs).Where(tensor => tensor >= 0).Distinct().Select(tensor => slots[tensor]).OfType<TensorSlot>();

    private static TensorSlot After(TensorSlot slot, Plan earlier, int[][] shapes, byte[][] values)
    {
        if (slot.IsKnown)
            return slot;
        int value = Array.IndexOf(earlier.Cut!.Values, slot), sized = Array.IndexOf(earlier.Cut.Sized, slot);
        return value >= 0 ? slot.WithBytes(values[value], slot.Shape)
            : sized >= 0 ? slot.After(earlier.ArenaBuffer, shapes[sized])
            : slot.After(earlier.ArenaBuffer, slot.Shape);
    }

    private TensorSlot Constant(Tensor tensor) => tensor.Type == TensorType.String
        ? new TensorSlot(tensor.Name, tensor.Type, tensor.Shape) { Index = tensor.Index, Constant = tensor, ByteLength = model.Data(tensor).Length }
        : new TensorSlot(tensor.Name, tensor.Type, tensor.Shape) { Index = tensor.Index, Quantization = tensor.Quantization, Constant = tensor };
}
