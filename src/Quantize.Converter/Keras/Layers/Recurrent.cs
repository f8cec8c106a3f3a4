using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;

namespace Quantize.Converter.Keras.Layers;

/// <summary>Recurrent layers: a cell is run over the steps of a sequence.</summary>
internal static class Recurrent
{
    /// <summary>A layer that is its own cell.</summary>
    public static Value[] Import(LayerContext context) => Run(context, place => RecurrentCell.Of(place, place.Weights.Within("cell")));

    /// <summary>A layer around a cell of any class.</summary>
    public static Value[] OfCell(LayerContext context) => Run(context, place =>
    {
        LayerWeights weights = place.Weights.Within("cell");
        return RecurrentCell.Of(place.Within(KerasObject.Of(place.Config.Of("cell")), "cell", weights, (KerasTensor[])[]), weights);
    });

    public static WeightLayout Weights(KerasObject layer) => WeightLayout.Of(("cell", RecurrentCell.LayoutOf(layer)));

    public static WeightLayout WeightsOfCell(KerasObject layer) => WeightLayout.Of(("cell", RecurrentCell.LayoutOf(KerasObject.Of(layer.Config.Of("cell")))));

    /// <summary>A cell is made for each graph that it adds to.</summary>
    private static Value[] Run(LayerContext context, Func<LayerContext, RecurrentCell> makeCell)
    {
        RecurrentCell cell = makeCell(context);
        bool isTimeMajor = context.Config.Flag("time_major"), isFirst = context.Config.Has("data_format") && ChannelOrder.IsFirst(context);
        Value sequence = isTimeMajor ? Swapped(context, context.X) : context.X;
        if (sequence.Shape.Rank < 3)
            throw new LayerException($"its input has {sequence.Shape.Rank} dimensions; a sequence has three");
        Value projected = cell.Project(isFirst ? StepsToLast(context, sequence) : sequence);
        Value[] zeros = cell.InitialStates(projected), initial = InitialStates(context, zeros, isFirst);
        Sequence result = SequenceSteps.Run(context, makeCell, projected, initial, zeros: initial == zeros, MaskOf(context));
        if (context.Config.Flag("stateful"))
            StoredStates.Write(context, result.States);

        bool returnsSequences = context.Config.Flag("return_sequences");
        Value output = returnsSequences ? result.Outputs : result.Last;
        if (isFirst)
            output = returnsSequences ? StepsToFirst(context, output) : ChannelOrder.ToFirst(context, output);
        context.OutputMasks = [returnsSequences ? MaskBehind(context) : null];
        Value[] states = isFirst ? [.. result.States.Select(state => ChannelOrder.ToFirst(context, state))] : result.States;
        return [isTimeMajor && returnsSequences ? Swapped(context, output) : output, .. context.Config.Flag("return_state") ? states : []];
    }

    /// <summary>Those that are given, those of the call before, or zeros.</summary>
    private static Value[] InitialStates(LayerContext context, Value[] zeros, bool isFirst)
    {
        Value[] given = [.. Given(context)];
        if (given.Length > 0 && given.Length != zeros.Length)
            throw new LayerException($"it is given {given.Length} states, and has {zeros.Length}");
        if (given.Length > 0)
            return isFirst ? [.. given.Select(state => ChannelOrder.ToLast(context, state))] : given;
        return context.Config.Flag("stateful") ? StoredStates.Read(context, zeros) : zeros;
    }

    /// <summary>States given by name, or in a list behind the sequence.</summary>
    private static IEnumerable<Value> Given(LayerContext context)
    {
        BoundArgument states = States(context);
        IEnumerable<KerasTensor> given = states.IsAbsent ? context.Inputs.Skip(1) : states.Tensors;
        return given.Select(state => context.AsFloat(state.Value));
    }

    /// <summary>From Keras 3.16 on, no mask goes further than the layer that runs over the steps.</summary>
    public static Value? MaskBehind(LayerContext context) => context.IsSince(16) ? null : GivenMask(context) ?? context.Inputs[0].Mask;

    /// <summary>The mask that the steps obey. Keras 3 hands on the one that its sequence carries only where the layer is given nothing else, as states.</summary>
    public static Value? MaskOfSteps(LayerContext context) =>
        GivenMask(context) ?? (context.IsKeras3 && !States(context).IsAbsent ? null : context.Inputs[0].Mask);

    private static Value? GivenMask(LayerContext context) => context.Argument(context.IsKeras3 ? 2 : 1, "mask").Tensor?.Value;

    private static BoundArgument States(LayerContext context) => context.Argument(context.IsKeras3 ? 1 : -1, "initial_state");

    /// <summary>A mask of other dimensions than [batch, steps] is none of steps.</summary>
    private static Value? MaskOf(LayerContext context)
    {
        Value? mask = MaskOfSteps(context);
        return mask?.Shape.Rank == 2 ? mask : null;
    }

    private static Value Swapped(LayerContext context, Value value) => context.Arrange.Transpose(value, [1, 0, .. Enumerable.Range(2, value.Shape.Rank - 2)]);

    private static Value StepsToLast(LayerContext context, Value value) => context.Arrange.Transpose(value, [0, 1, .. Enumerable.Range(3, value.Shape.Rank - 3), 2]);

    private static Value StepsToFirst(LayerContext context, Value value) =>
        context.Arrange.Transpose(value, [0, 1, value.Shape.Rank - 1, .. Enumerable.Range(2, value.Shape.Rank - 3)]);

    /// <summary>The steps in the opposite order.</summary>
    public static Value Reversed(LayerContext context, Value sequence) => context.Call("ReverseV2", [sequence, context.Arrange.Vector("steps", 1)]);
}
