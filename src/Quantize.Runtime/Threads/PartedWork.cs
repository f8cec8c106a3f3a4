namespace Quantize.Runtime.Threads;

/// <summary>Work in parts that any member of a team may compute, in any order.</summary>
internal abstract class PartedWork
{
    /// <param name="part">0 up to the number of parts.</param>
    /// <param name="member">Who computes it; 0 is the caller. No two parts run at one time with the same member.</param>
    public abstract void RunPart(int part, int member);
}
