using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Planning;

/// <summary>
/// A step that can be cut, so that several threads compute it: phases one after the other, each in parts that do not touch what another part writes. What a part computes
/// for an element does not depend on the cut, so that results are the same for any number of threads.
/// </summary>
internal abstract class ParallelStep : Step
{
    protected abstract int Phases { get; }

    public sealed override void Run(in RunContext context)
    {
        ParallelRun? parallel = context.Frame.Parallel;
        int members = parallel is null ? 1 : parallel.Gather();
        for (int phase = 0; phase < Phases; phase++)
        {
            int parts = Parts(phase, members);
            if (parts <= 1)
                RunPart(context, new Part(phase, 0, 1, 0));
            else
                parallel!.Run(this, phase, parts, context);
        }
    }

    public abstract void RunPart(in RunContext context, in Part part);

    /// <summary>Parts of a phase; 1 for one member.</summary>
    protected abstract int Parts(int phase, int members);
}
