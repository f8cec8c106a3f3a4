namespace Quantize.Runtime.Planning;

/// <summary>
/// A subgraph planned as a part of its caller: its inputs are the caller's tensors, its own tensors share a piece of the caller's arena.
/// </summary>
internal sealed class Block(List<PlannedStep> planned, TensorSlot[] outputs)
{
    private Step[] _steps = [];
    private TensorSlot[] _placed = [];

    /// <summary>In the subgraph's order; may be the caller's tensors, or known.</summary>
    public TensorSlot[] Outputs { get; } = outputs;

    /// <summary>Bytes of its piece of the arena.</summary>
    public int ByteLength { get; private set; }

    /// <summary>Whether one of its own steps computes the tensor.</summary>
    public bool Computes(TensorSlot slot) => planned.Exists(step => Array.IndexOf(step.Outputs, slot) >= 0);

    /// <summary>Adds a step behind the others.</summary>
    public void Append(PlannedStep step) => planned.Add(step);

    /// <summary>Finds places for its tensors, except those that belong to the caller.</summary>
    public void Place(Planner planner, HashSet<TensorSlot> callers)
    {
        planner.Fuse(planned, [.. Outputs, .. callers]);
        _steps = [.. planned.Select(step => step.Step)];
        _placed = [.. planned.SelectMany(step => step.Outputs.Concat(step.Scratch)).Where(slot => slot.IsPlaced && !callers.Contains(slot)).Distinct()];
        ByteLength = planner.PlaceInArena([], Outputs, planned, callers);
    }

    /// <summary>Tells where its piece of the arena begins.</summary>
    public void MoveTo(int offset)
    {
        foreach (TensorSlot slot in _placed)
            slot.Offset += offset;
        foreach (PlannedStep step in planned)
        {
            foreach (Block nested in step.Blocks)
                nested.MoveTo(step.Memory!.Offset);
        }
    }

    public void Run(in RunContext context)
    {
        foreach (Step step in _steps)
            step.Run(context);
    }

    public IEnumerable<PlannedOperator> Describe(int depth) => planned.SelectMany(step => step.Describe(depth));
}
