using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>
/// A step over the items of a batch. Where they are as many as the threads, a part is some items, and each member has its own copy of the scratch memory for an item; else the
/// items follow each other, and each is cut.
/// </summary>
internal abstract class BatchStep(int items, int threads) : ParallelStep
{
    private readonly bool _cutsItems = items < threads;

    /// <summary>Copies of scratch memory.</summary>
    protected int Copies => _cutsItems ? 1 : threads;

    protected sealed override int Phases => _cutsItems ? items * ItemPhases : 1;

    /// <summary>Phases of one item.</summary>
    protected abstract int ItemPhases { get; }

    /// <summary>Multiply-adds of one item.</summary>
    protected abstract long ItemWork { get; }

    public sealed override void RunPart(in RunContext context, in Part part)
    {
        if (_cutsItems)
        {
            RunItem(context, part.Phase / ItemPhases, part with { Phase = part.Phase % ItemPhases });
            return;
        }

        (int first, int count) = part.Share(items);
        for (int item = first; item < first + count; item++)
        {
            for (int phase = 0; phase < ItemPhases; phase++)
                RunItem(context, item, new Part(phase, 0, 1, part.Member));
        }
    }

    protected sealed override int Parts(int phase, int members) => _cutsItems ? ItemParts(phase % ItemPhases, members) : Cutting.Parts(items * ItemWork, items, members);

    /// <summary>Parts of a phase of one item.</summary>
    protected abstract int ItemParts(int phase, int members);

    /// <summary>A part of one item.</summary>
    protected abstract void RunItem(in RunContext context, int item, in Part part);

    /// <summary>The copy of scratch memory that has the item.</summary>
    protected int Copy(in Part part) => _cutsItems ? 0 : part.Member;
}
