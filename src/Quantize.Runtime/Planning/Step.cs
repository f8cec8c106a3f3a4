namespace Quantize.Runtime.Planning;

/// <summary>One operator, prepared: everything decided, only the arithmetic left. A run is a flat loop over steps.</summary>
internal abstract class Step
{
    /// <summary>What computes it, for the plan's reader: the kernel's name and arithmetic.</summary>
    public abstract string Kernel { get; }

    public abstract void Run(in RunContext context);
}
