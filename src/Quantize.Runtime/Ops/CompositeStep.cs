using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Steps that together are one operator: one for each output, for instance.</summary>
internal sealed class CompositeStep(string kernel, params Step[] steps) : Step
{
    public override string Kernel => kernel;

    public override void Run(in RunContext context)
    {
        foreach (Step step in steps)
            step.Run(context);
    }
}
