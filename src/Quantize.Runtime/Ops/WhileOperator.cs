using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>
/// WHILE runs a body while a condition holds; the body's outputs are its inputs in the next iteration. The state has two places, and the body two plans: one reads
/// the first and writes the second, the other the reverse, so nothing is copied between iterations. Tensors that the body hands on as they are stay where the caller has them; one that
/// it only writes a slice of has one place.
/// </summary>
internal static class WhileOperator
{
    public static OperatorDefinition Definition { get; } = OperatorDefinition.OfSubgraphs(BuiltinOperator.While, ControlFlowShapes.While, Plan);

    private static Step Plan(ControlContext context)
    {
        var options = context.OptionsAs<WhileOptions>();
        TensorSlot[] arguments = context.Arguments(0);
        Subgraph body = context.Subgraph(options.BodySubgraphIndex, arguments.Length, arguments.Length);
        context.Subgraph(options.CondSubgraphIndex, arguments.Length, 1);
        if (context.Outputs.Length != arguments.Length)
            throw context.Fail($"carries {arguments.Length} tensors, but has {context.Outputs.Length} outputs");
        bool[] changes = [.. body.Outputs.Select((tensor, i) => tensor != body.Inputs[i])];
        bool[] isUpdated = [.. Enumerable.Range(0, arguments.Length).Select(i => IsUpdated(body, i))];
        return PlanInArena(context, options, arguments, changes, isUpdated) ?? PlanInTheRun(context, options, arguments, changes);
    }

    /// <summary>Whether a DYNAMIC_UPDATE_SLICE is all that the body does with a tensor of the state.</summary>
    private static bool IsUpdated(Subgraph body, int index)
    {
        int state = body.Inputs[index];
        Operator? writer = Array.Find(body.Operators, op => Array.IndexOf(op.Outputs, body.Outputs[index]) >= 0);
        return writer is { Code: BuiltinOperator.DynamicUpdateSlice } && writer.Inputs[0] == state && !body.Outputs.Contains(state) && body.Inputs.Count(input => input == state) == 1
            && body.Operators.Sum(op => op.Inputs.Count(input => input == state)) == 1;
    }

    /// <summary>Where each iteration leaves the shapes as they are.</summary>
    private static Step? PlanInArena(ControlContext context, WhileOptions options, TensorSlot[] arguments, bool[] changes, bool[] isUpdated)
    {
        int count = arguments.Length;
        TensorSlot[] first = new TensorSlot[count], second = new TensorSlot[count];
        for (int i = 0; i < count; i++)
        {
            first[i] = changes[i] ? context.NewOutput(i, arguments[i]) : arguments[i];
            second[i] = isUpdated[i] ? first[i] : changes[i] ? context.Scratch(arguments[i]) : arguments[i];
            context.Outputs[i] = first[i];
        }

        LoopHalf? there = Half(context, options, first, second, changes);
        LoopHalf? back = there is null ? null : Half(context, options, second, first, changes);
        if (back is null)
            return null;
        int[] changing = [.. Enumerable.Range(0, count).Where(i => changes[i])];
        return new LoopStep(
            there!, back,
            [.. changing.Select(i => CopyStep.Of(arguments[i], first[i]))],
            [.. changing.Where(i => second[i] != first[i]).Select(i => CopyStep.Of(second[i], first[i]))],
            new LoopLimit(context.OperatorName, context.LoopLimit));
    }

    private static LoopHalf? Half(ControlContext context, WhileOptions options, TensorSlot[] from, TensorSlot[] to, bool[] changes)
    {
        TensorSlot?[] targets = [.. to.Select((slot, i) => changes[i] ? slot : null)];
        return context.TryPlan(options.CondSubgraphIndex, from, [null]) is { } condition && context.TryPlan(options.BodySubgraphIndex, from, targets) is { } body
            ? new LoopHalf(condition, Condition(context, condition.Outputs[0]), Counter(context, options, from), body)
            : null;
    }

    /// <summary>Where the condition asks only whether a counter is below a number, what it compares.</summary>
    private static LoopCounter? Counter(ControlContext context, WhileOptions options, TensorSlot[] from)
    {
        Subgraph condition = context.Subgraph(options.CondSubgraphIndex, from.Length, 1);
        if (condition.Operators is not [{ Code: BuiltinOperator.Less } less] || less.Outputs[0] != condition.Outputs[0] || !condition.Tensors[less.Inputs[1]].IsConstant)
            return null;
        int counter = Array.IndexOf(condition.Inputs, less.Inputs[0]);
        Tensor limit = condition.Tensors[less.Inputs[1]];
        bool isCounter = counter >= 0 && from[counter] is { Type: TensorType.Int32, ElementCount: 1 } && limit.Type == TensorType.Int32;
        return isCounter ? new LoopCounter(from[counter], MemoryMarshal.Read<int>(context.Data(limit))) : null;
    }

    private static TensorSlot Condition(ControlContext context, TensorSlot slot) =>
        slot.Type == TensorType.Bool && slot.ElementCount == 1 ? slot : throw context.Fail($"wants one truth value as its condition, not {slot}");

    private static Step PlanInTheRun(ControlContext context, WhileOptions options, TensorSlot[] arguments, bool[] changes)
    {
        context.LeaveToTheRun();
        for (int i = 0; i < arguments.Length; i++)
        {
            if (changes[i])
                context.RunSizedOutput(i, arguments[i].Type);
            else
                context.Outputs[i] = arguments[i];
        }

        return new LoopInTheRunStep(options, arguments, context.Outputs, changes, new LoopLimit(context.OperatorName, context.LoopLimit));
    }

    private sealed record LoopCounter(TensorSlot Counter, int Limit);

    /// <summary>One direction: the state is read from one place and written to the other.</summary>
    private sealed record LoopHalf(Block Condition, TensorSlot Goes, LoopCounter? Counter, Block Body)
    {
        public bool GoesOn(in RunContext context)
        {
            if (Counter is not null)
                return context.Read<int>(Counter.Counter)[0] < Counter.Limit;
            Condition.Run(context);
            return context.Read<bool>(Goes)[0];
        }
    }

    private sealed class LoopStep(LoopHalf there, LoopHalf back, Step[] begin, Step[] bringBack, LoopLimit limit) : Step
    {
        public override string Kernel => "while";

        public override void Run(in RunContext context)
        {
            foreach (Step copy in begin)
                copy.Run(context);
            for (int iteration = 0; there.GoesOn(context); iteration += 2)
            {
                limit.Check(iteration);
                there.Body.Run(context);
                if (!back.GoesOn(context))
                {
                    foreach (Step copy in bringBack)
                        copy.Run(context);
                    return;
                }

                limit.Check(iteration + 1);
                back.Body.Run(context);
            }
        }
    }
}
