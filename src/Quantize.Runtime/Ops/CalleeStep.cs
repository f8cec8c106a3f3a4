using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Runs a subgraph that only the run can plan.</summary>
internal sealed class CalleeStep(int subgraph, TensorSlot[] arguments, TensorSlot[] outputs) : Step
{
    public override string Kernel => "call, planned in the run";

    public override void Run(in RunContext context)
    {
        SubgraphRun callee = context.Frame.Callee(this, subgraph, arguments);
        for (int i = 0; i < arguments.Length; i++)
            callee.Fill(i, context);
        callee.Run();
        for (int i = 0; i < outputs.Length; i++)
        {
            ReadOnlySpan<byte> result = callee.Output(i);
            result.CopyTo(context.AllocateBytes(outputs[i], result.Length, callee.OutputShape(i)));
        }
    }
}
