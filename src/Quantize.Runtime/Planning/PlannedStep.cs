using Quantize.Runtime.Ops;

namespace Quantize.Runtime.Planning;

/// <summary>A step with the tensors it reads, writes and needs for itself.</summary>
internal sealed record PlannedStep(Step Step, string Name, TensorSlot?[] Inputs, TensorSlot[] Outputs, IReadOnlyList<TensorSlot> Scratch, long MultiplyAdds = 0)
{
    /// <summary>The operator, where there is one that could be prepared again.</summary>
    public OperatorDefinition? Definition { get; init; }

    /// <summary>What the operator was prepared with.</summary>
    public PrepareContext? Context { get; init; }

    /// <summary>Subgraphs that it runs in the same arena.</summary>
    public IReadOnlyList<Block> Blocks { get; init; } = [];

    /// <summary>The tensors of all <see cref="Blocks"/>, of which one runs at a time; part of <see cref="Scratch"/>.</summary>
    public TensorSlot? Memory { get; init; }

    public static PlannedStep Prepare(OperatorDefinition definition, string name, PrepareContext context)
    {
        Step step = definition.PrepareStep(context);
        return new PlannedStep(step, name, context.Inputs, context.Outputs, context.ScratchSlots, definition.MultiplyAdds(context)) { Definition = definition, Context = context };
    }

    /// <summary>The same operator with work of its neighbours.</summary>
    public PlannedStep With(FusedWork work, string name, TensorSlot?[] inputs, TensorSlot[] outputs) => Prepare(Definition!, name, Context!.With(work, inputs, outputs));

    /// <summary>The step, and those of its subgraphs one level deeper.</summary>
    public IEnumerable<PlannedOperator> Describe(int depth)
    {
        yield return new PlannedOperator(Outputs.Length > 0 ? Outputs[0].Name : "", Name, Step.Kernel, Outputs.Length > 0 ? Outputs[0].Shape : []) { Depth = depth, MultiplyAdds = MultiplyAdds };
        foreach (PlannedOperator nested in Blocks.SelectMany(block => block.Describe(depth + 1)))
            yield return nested;
    }
}
