using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>The number of a variable or a table among the state of the model.</summary>
internal sealed class HandleStep(TensorSlot output, int number, string kernel) : Step
{
    public override string Kernel => kernel;

    public override void Run(in RunContext context) => context.Write<int>(output)[0] = number;
}
