using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Quantize.Runtime.Planning;

/// <summary>
/// The memory of one running subgraph: the arena of each of its plans, and a buffer for every tensor whose size only the run knows. Belongs to one session.
/// </summary>
internal sealed class Frame(Planner? planner, SessionState? state, ParallelRun? parallel = null)
{
    private readonly List<RunBuffer> _buffers = [];
    private readonly ConditionalWeakTable<Step, SubgraphRun> _callees = [];

    public SessionState State => state ?? throw new InvalidOperationException("a value computed before the run has no state");

    public Planner Planner => planner ?? throw new InvalidOperationException("a value computed before the run has no subgraphs");

    /// <summary>The session's threads; null where it has one.</summary>
    public ParallelRun? Parallel => parallel;

    public RunBuffer Buffer(int index)
    {
        while (_buffers.Count <= index)
            _buffers.Add(new RunBuffer());
        return _buffers[index];
    }

    /// <summary>Lets the frame use a buffer of its caller.</summary>
    public void Lend(int index, RunBuffer buffer)
    {
        Buffer(index);
        _buffers[index] = buffer;
    }

    public Span<byte> Bytes(TensorSlot slot)
    {
        if (slot.Variable >= 0)
            return State.VariableTensor(slot).Bytes;
        Span<byte> bytes = Buffer(slot.Buffer).Bytes;
        return slot.IsSizedByStep ? bytes : bytes.Slice(slot.BufferOffset, slot.ByteLength);
    }

    /// <summary>What a step calls at run time; <paramref name="role"/> tells one callee of a step from another.</summary>
    public SubgraphRun Callee(Step role, int subgraph, TensorSlot[] inputs)
    {
        if (!_callees.TryGetValue(role, out SubgraphRun? callee))
        {
            callee = new SubgraphRun(this, subgraph, inputs);
            _callees.Add(role, callee);
        }

        return callee;
    }

    /// <summary>Makes room for the plan's tensors and gives its view of the frame.</summary>
    public RunContext Enter(Plan plan)
    {
        RunBuffer arena = Buffer(plan.ArenaBuffer);
        if (arena.Bytes.Length < plan.ArenaBytes)
            arena.Resize(plan.ArenaBytes);
        return new RunContext(Planner.Model, arena.Bytes, this, arena);
    }

    /// <summary>Runs the plan and, where it is cut, what follows; gives the last part.</summary>
    public Plan Run(PlanBranch branch)
    {
        while (true)
        {
            RunContext context = Enter(branch.Plan);
            foreach (Step step in branch.Plan.Steps)
                step.Run(context);
            if (branch.Plan.Cut is null)
                return branch.Plan;
            branch = branch.Next(this, context);
        }
    }

    /// <summary>The same, and notes the time of each step.</summary>
    public Plan Profile(PlanBranch branch, List<OperatorProfile> times)
    {
        while (true)
        {
            RunContext context = Enter(branch.Plan);
            for (int i = 0; i < branch.Plan.Steps.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                branch.Plan.Steps[i].Run(context);
                times.Add(new OperatorProfile(branch.Plan.StepOperators[i], Stopwatch.GetElapsedTime(start)));
            }

            if (branch.Plan.Cut is null)
                return branch.Plan;
            branch = branch.Next(this, context);
        }
    }
}
