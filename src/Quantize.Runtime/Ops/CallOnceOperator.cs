using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>CALL_ONCE runs a subgraph without inputs and outputs the first time only: it gives variables and tables what they begin with.</summary>
internal static class CallOnceOperator
{
    public static OperatorDefinition Definition { get; } = OperatorDefinition.OfSubgraphs(BuiltinOperator.CallOnce, _ => { }, Plan);

    private static Step Plan(ControlContext context)
    {
        int index = context.OptionsAs<CallOnceOptions>().InitSubgraphIndex;
        context.Subgraph(index, 0, 0);
        return context.TryPlan(index, [], []) is { } block ? new OnceStep(index, block) : new OnceInTheRunStep(index);
    }

    private sealed class OnceStep(int subgraph, Block block) : Step
    {
        public override string Kernel => "call once";

        public override void Run(in RunContext context)
        {
            if (context.Frame.State.IsInitialized(subgraph))
                return;
            block.Run(context);
            context.Frame.State.SetInitialized(subgraph);
        }
    }

    private sealed class OnceInTheRunStep(int subgraph) : Step
    {
        private readonly CalleeStep _callee = new(subgraph, [], []);

        public override string Kernel => "call once, planned in the run";

        public override void Run(in RunContext context)
        {
            if (context.Frame.State.IsInitialized(subgraph))
                return;
            _callee.Run(context);
            context.Frame.State.SetInitialized(subgraph);
        }
    }
}
