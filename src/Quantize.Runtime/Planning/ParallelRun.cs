using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Planning;

/// <summary>The steps of one session cut among its team: every member sees the session's memory.</summary>
internal sealed class ParallelRun : PartedWork
{
    private readonly Team _team;
    private ParallelStep? _step;
    private Frame? _frame;
    private RunBuffer? _memory;
    private int _phase;
    private int _parts;

    private ParallelRun(Team team) => _team = team;

    /// <summary>Null where one thread is all a session gets.</summary>
    public static ParallelRun? Of(Workers workers, int threads) => threads > 1 ? new ParallelRun(new Team(workers, threads)) : null;

    /// <summary>Members for the next step.</summary>
    public int Gather()
    {
        _team.Gather();
        return _team.Members;
    }

    public void Run(ParallelStep step, int phase, int parts, in RunContext context)
    {
        (_step, _phase, _parts) = (step, phase, parts);
        (_frame, _memory) = (context.Frame, context.Memory);
        _team.Run(this, parts);
    }

    public override void RunPart(int part, int member) =>
        _step!.RunPart(new RunContext(_frame!.Planner.Model, _memory!.Bytes, _frame, _memory), new Part(_phase, part, _parts, member));

    /// <summary>Gives the workers back, at the end of a run.</summary>
    public void Release() => _team.Dissolve();
}
