using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>IF runs one of two subgraphs, CALL and STABLEHLO_COMPOSITE the one they have. Input 0 of IF is the condition, the others go to the branch.</summary>
internal static class IfOperator
{
    public static OperatorDefinition If { get; } = OperatorDefinition.OfSubgraphs(BuiltinOperator.If, ControlFlowShapes.If, PlanIf);

    public static OperatorDefinition Call { get; } = OperatorDefinition.OfSubgraphs(
        BuiltinOperator.Call, context => ControlFlowShapes.Call(context, context.OptionsAs<CallOptions>().Subgraph),
        context => PlanCall(context, context.OptionsAs<CallOptions>().Subgraph, 0));

    /// <summary>What some converters write for an operator of a higher level: what it means stands in a subgraph.</summary>
    public static OperatorDefinition Composite { get; } = OperatorDefinition.OfSubgraphs(
        BuiltinOperator.StablehloComposite, context => ControlFlowShapes.Call(context, context.OptionsAs<StablehloCompositeOptions>().Subgraph),
        context => PlanCall(context, context.OptionsAs<StablehloCompositeOptions>().Subgraph, 0));

    private static Step PlanIf(ControlContext context)
    {
        var options = context.OptionsAs<IfOptions>();
        TensorSlot condition = context.Input(0);
        if (condition.Type != TensorType.Bool || condition.ElementCount != 1)
            throw context.Fail($"wants one truth value as its condition, not {condition}");
        if (condition.IsKnown)
            return PlanCall(context, context.Constant(condition)[0] != 0 ? options.ThenSubgraphIndex : options.ElseSubgraphIndex, 1);

        TensorSlot[] arguments = context.Arguments(1);
        Subgraph then = context.Subgraph(options.ThenSubgraphIndex, arguments.Length, context.Outputs.Length);
        context.Subgraph(options.ElseSubgraphIndex, arguments.Length, context.Outputs.Length);
        if (context.TryPlan(options.ThenSubgraphIndex, arguments, new TensorSlot?[context.Outputs.Length]) is { } whenTrue)
        {
            StateOutputs(context, whenTrue);
            if (context.TryPlan(options.ElseSubgraphIndex, arguments, context.Outputs) is { } whenFalse)
                return new BranchStep(condition, whenTrue, whenFalse);
        }

        context.LeaveToTheRun();
        for (int i = 0; i < context.Outputs.Length; i++)
            context.RunSizedOutput(i, then.Tensors[then.Outputs[i]].Type);
        return new BranchInTheRunStep(condition, new CalleeStep(options.ThenSubgraphIndex, arguments, context.Outputs), new CalleeStep(options.ElseSubgraphIndex, arguments, context.Outputs));
    }

    private static Step PlanCall(ControlContext context, int index, int firstArgument)
    {
        TensorSlot[] arguments = context.Arguments(firstArgument);
        Subgraph callee = context.Subgraph(index, arguments.Length, context.Outputs.Length);
        if (context.TryPlan(index, arguments, new TensorSlot?[context.Outputs.Length]) is { } block)
        {
            StateOutputs(context, block);
            return new CallStep(block);
        }

        context.LeaveToTheRun();
        for (int i = 0; i < context.Outputs.Length; i++)
            context.RunSizedOutput(i, callee.Tensors[callee.Outputs[i]].Type);
        return new CalleeStep(index, arguments, context.Outputs);
    }

    /// <summary>What the block computes is the operator's output; what it only hands on is copied.</summary>
    private static void StateOutputs(ControlContext context, Block block)
    {
        for (int i = 0; i < context.Outputs.Length; i++)
        {
            TensorSlot result = block.Outputs[i];
            if (block.Computes(result) && !context.Outputs.Contains(result))
                context.TakeOver(i, result);
            else
                block.Append(CopyStep.Plan(result, context.NewOutput(i, result)));
        }
    }

    private sealed class BranchStep(TensorSlot condition, Block whenTrue, Block whenFalse) : Step
    {
        public override string Kernel => "if";

        public override void Run(in RunContext context)
        {
            if (context.Read<bool>(condition)[0])
                whenTrue.Run(context);
            else
                whenFalse.Run(context);
        }
    }

    private sealed class BranchInTheRunStep(TensorSlot condition, CalleeStep whenTrue, CalleeStep whenFalse) : Step
    {
        public override string Kernel => "if, planned in the run";

        public override void Run(in RunContext context) => (context.Read<bool>(condition)[0] ? whenTrue : whenFalse).Run(context);
    }

    private sealed class CallStep(Block block) : Step
    {
        public override string Kernel => "call";

        public override void Run(in RunContext context) => block.Run(context);
    }
}
