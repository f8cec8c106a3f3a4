using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;

namespace Quantize.Converter.Keras.Layers;

/// <summary>What the two ways of running a cell over the steps of a sequence share.</summary>
internal static class SequenceSteps
{
    /// <summary>Shorter sequences are unrolled: every step is operators of its own.</summary>
    private const int MostUnrolledSteps = 6;

    /// <summary>A loop from <paramref name="zeros"/> may become one operator, however short the sequence is.</summary>
    public static Sequence Run(LayerContext context, Func<LayerContext, RecurrentCell> makeCell, Value projected, Value[] states, bool zeros, Value? mask)
    {
        if (projected.Shape[1] is { IsKnown: true, Value: 0 })
            throw new LayerException("its sequences have no steps");
        RecurrentCell cell = makeCell(context);
        bool isShort = projected.Shape[1] is { IsKnown: true, Value: <= MostUnrolledSteps };
        bool isOneOperator = zeros && mask is null && cell.HasOperator && projected.Shape[0].IsKnown && !context.Config.Flag("return_state") && !context.Scope.Graph.IsCalled;
        return isShort && !isOneOperator ? new UnrolledSteps(context, cell).Run(projected, states, mask) : new LoopedSteps(context, makeCell).Run(projected, states, mask);
    }

    /// <summary>What a masked step gives instead: the output and the states of the step before, or a zero.</summary>
    public static (Value Output, Value[] States) Masked(LayerContext context, Value mask, (Value Output, Value[] States) step, Value? last, Value[] before)
    {
        Value otherwise = context.Config.Flag("zero_output_for_mask") || last is null ? context.Call("ZerosLike", [step.Output]) : last;
        Value broadcast = mask;
        for (int axis = 1; axis < step.Output.Shape.Rank; axis++)
            broadcast = context.Call("ExpandDims", [broadcast, ConstantData.Scalar($"{context.Name}/axis", 1)]);
        return (context.F.Select(broadcast, step.Output, otherwise), [.. step.States.Select((state, i) => context.F.Select(broadcast, state, before[i]))]);
    }
}
