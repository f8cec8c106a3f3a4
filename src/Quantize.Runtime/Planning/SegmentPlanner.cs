using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;

namespace Quantize.Runtime.Planning;

/// <summary>
/// Plans the operators of one subgraph in their order: shapes by their rules, what is known computed on the spot, a step for the rest. Stops where it needs what
/// only a run knows.
/// </summary>
internal sealed class SegmentPlanner(Planner planner, Subgraph subgraph, TensorSlot?[] slots, PlanNumbers numbers, int depth = 0)
{
    private readonly Dictionary<int, TensorSlot> _wanted = [];
    private bool _differs;

    public Planner Planner => planner;

    public List<PlannedStep> Steps { get; } = [];

    /// <summary>Where it stopped; null at the subgraph's end.</summary>
    public Cut? Cut { get; private set; }

    public void PlanFrom(int first)
    {
        for (int i = first; i < subgraph.Operators.Length && Cut is null && !_differs; i++)
            AddChecked(i);
    }

    /// <summary>A subgraph as a block of this one; null where it cannot be planned before the run or gives other shapes than wanted.</summary>
    public Block? TryPlanBlock(int index, TensorSlot[] arguments, TensorSlot?[] outputs)
    {
        Subgraph callee = planner.Model.Subgraphs[index];
        TensorSlot?[] own = planner.FixedSlots(callee);
        for (int i = 0; i < arguments.Length; i++)
            own[callee.Inputs[i]] = planner.Argument(callee, i, arguments[i]);
        var body = new SegmentPlanner(planner, callee, own, numbers, depth + 1);
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i] is { } wanted && own[callee.Outputs[i]] is null)
                body._wanted.TryAdd(callee.Outputs[i], wanted);
        }

        body.PlanFrom(0);
        return body.Cut is null && !body._differs ? body.Finish(outputs) : null;
    }

    public string TensorName(int tensor) => subgraph.Tensors[tensor].Name;

    /// <summary>A tensor that a step will compute; -1 for one that the file does not name.</summary>
    public TensorSlot NewSlot(int tensor, TensorType type, int[] shape) => new(tensor < 0 ? "scratch" : TensorName(tensor), type, shape)
    {
        Index = tensor,
        Quantization = tensor < 0 ? null : subgraph.Tensors[tensor].Quantization,
        Buffer = type == TensorType.String || Array.Exists(shape, dimension => dimension < 0) ? numbers.NewBuffer() : -1,
    };

    private Block? Finish(TensorSlot?[] wanted)
    {
        var outputs = new TensorSlot[wanted.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = slots[subgraph.Outputs[i]] ?? throw new ModelFormatException($"no operator computes '{TensorName(subgraph.Outputs[i])}' of the subgraph '{subgraph.Name}'");
            if (wanted[i] is not { } target || outputs[i] == target)
                continue;
            if (outputs[i].Type != target.Type || !outputs[i].Shape.AsSpan().SequenceEqual(target.Shape))
                return null;
            Steps.Add(CopyStep.Plan(outputs[i], target));
            outputs[i] = target;
        }

        return new Block(Steps, outputs);
    }

    /// <summary>Files are hostile: where operands do not fit each other in a way that no rule of the operator foresaw, that too is a fact about the file.</summary>
    private void AddChecked(int index)
    {
        Operator op = subgraph.Operators[index];
        string name = $"{op.Name} '{(op.Outputs.Length > 0 ? TensorName(op.Outputs[0]) : "")}'";
        numbers.Count(depth);
        try
        {
            TensorSlot?[] inputs = [.. op.Inputs.Select(tensor => tensor < 0 ? null : slots[tensor] ?? throw new ModelFormatException($"operator {name} reads '{TensorName(tensor)}' before it is computed"))];
            OperatorDefinition definition = planner.Find(op);
            if (definition.PlanSubgraphs is null)
                Add(index, definition, name, inputs);
            else
                AddWithSubgraphs(index, definition.PlanSubgraphs, name, inputs);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or InvalidOperationException or ArithmeticException)
        {
            throw new ModelFormatException($"operator {name} has operands or options that do not fit each other: {exception.Message}", exception);
        }
    }

    private void Add(int index, OperatorDefinition definition, string name, TensorSlot?[] inputs)
    {
        Operator op = subgraph.Operators[index];
        Tensor[] tensors = [.. op.Outputs.Select(tensor => subgraph.Tensors[tensor])];
        var shapes = new PlanShapeContext(planner.Model, name, op.Options, inputs, [.. tensors.Select(tensor => tensor.Type)], [.. tensors.Select(tensor => tensor.DeclaredShape)]);
        definition.InferShapes(shapes);
        if (!shapes.IsStatic && !definition.SizesItself)
        {
            CutBefore(index, shapes.Unknown, shapes.Fail("has an output whose shape depends on values that no operand holds"));
            return;
        }

        bool known = definition.IsKnownWithoutRun(inputs);
        TensorSlot[] outputs = [.. tensors.Select((tensor, i) => Output(tensor, shapes, i, isWanted: !known))];
        if (_differs)
            return;
        QuantizationParameters?[] intermediates = [.. op.Intermediates.Select(tensor => tensor < 0 ? null : subgraph.Tensors[tensor].Quantization)];
        var prepare = new PrepareContext(
            planner.Model, planner.Kernels, planner.Arithmetic, planner.Packed, name, op.Options, inputs, outputs, planner.State, planner.Threads, intermediates);
        PlannedStep planned;
        try
        {
            planned = PlannedStep.Prepare(definition, op.Name, prepare);
        }
        catch (ModelFormatException exception) when (prepare.Unknown is not null)
        {
            CutBefore(index, [prepare.Unknown], exception);
            return;
        }

        if (known)
            Keep(op, ConstantEvaluator.Compute(planner.Model, planned));
        else
            AddStep(index, planned);
    }

    private void AddWithSubgraphs(int index, Func<ControlContext, Step> plan, string name, TensorSlot?[] inputs)
    {
        Operator op = subgraph.Operators[index];
        var context = new ControlContext(this, name, op, inputs);
        Step step = plan(context);
        AddStep(index, context.Finish(step));
    }

    private void AddStep(int index, PlannedStep step)
    {
        Steps.Add(step);
        Keep(subgraph.Operators[index], step.Outputs);
        TensorSlot[] sized = [.. step.Outputs.Where(output => output.IsRunSized)];
        if (sized.Length > 0)
            Cut = new Cut(index + 1, [], sized);
    }

    private void Keep(Operator op, TensorSlot[] outputs)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            Tensor tensor = subgraph.Tensors[op.Outputs[i]];
            if (tensor.Type != outputs[i].Type)
                throw new ModelFormatException($"operator {op.Name} '{tensor.Name}' computes {outputs[i].Type}, but its output tensor is {tensor.Type}");
            slots[tensor.Index] = slots[tensor.Index] is { Variable: >= 0 } variable && outputs[i].Known is { } initial && initial.Length == variable.ByteLength ? variable.StartingAs(initial) : outputs[i];
        }
    }

    private TensorSlot Output(Tensor tensor, PlanShapeContext shapes, int index, bool isWanted)
    {
        TensorSlot slot = shapes.Slot(index, tensor.Name, numbers.NewBuffer, tensor.Index, tensor.Quantization);
        if (!isWanted || !_wanted.TryGetValue(tensor.Index, out TensorSlot? wanted))
            return slot;
        _differs |= wanted.Type != slot.Type || !wanted.Shape.AsSpan().SequenceEqual(slot.Shape);
        return wanted;
    }

    private void CutBefore(int index, IReadOnlyList<TensorSlot> values, Exception otherwise) =>
        Cut = values.Count > 0 ? new Cut(index, [.. values], []) : throw otherwise;
}
