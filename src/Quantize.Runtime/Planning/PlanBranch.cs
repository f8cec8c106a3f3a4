namespace Quantize.Runtime.Planning;

/// <summary>A plan as one session knows it: with the plans of what follows it, one for each set of shapes and values that a run has met.</summary>
internal sealed class PlanBranch(Plan plan)
{
    private const int Remembered = 64;

    private readonly List<PlanBranch> _rests = [];
    private int _oldest;

    public Plan Plan { get; } = plan;

    /// <summary>What follows, now that the plan's steps have run: planned before, or now.</summary>
    public PlanBranch Next(Frame frame, in RunContext context)
    {
        foreach (PlanBranch rest in _rests)
        {
            if (rest.Plan.Follows(Plan.Cut!, frame, context))
                return rest;
        }

        var next = new PlanBranch(frame.Planner.Continue(Plan, frame, context));
        if (_rests.Count < Remembered)
            _rests.Add(next);
        else
            _rests[_oldest++ % Remembered] = next;
        return next;
    }
}
