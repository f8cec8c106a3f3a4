using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The plain recurrent operators: one step, a sequence, a sequence in both directions.</summary>
internal static class RnnOperator
{
    private const int AuxiliaryInput = 9;

    public static OperatorDefinition OneStep { get; } = new(BuiltinOperator.Rnn, context => RecurrentShapes.Infer(context, 0, rank: 2, Units(context, RnnInputs.OnlyDirection)), PrepareOneStep)
    {
        IsStateful = true,
        MultiplyAdds = RecurrentCount.OfWeights,
    };

    public static OperatorDefinition Unidirectional { get; } = new(
        BuiltinOperator.UnidirectionalSequenceRnn, context => RecurrentShapes.Infer(context, 0, rank: 3, Units(context, RnnInputs.OnlyDirection)), PrepareUnidirectional)
    {
        IsStateful = true,
        MultiplyAdds = RecurrentCount.OfWeights,
    };

    public static OperatorDefinition Bidirectional { get; } = new(BuiltinOperator.BidirectionalSequenceRnn, InferBidirectional, PrepareBidirectional)
    {
        IsStateful = true,
        MultiplyAdds = RecurrentCount.OfWeights,
    };

    private static void InferBidirectional(ShapeContext context) => RecurrentShapes.Infer(
        context, context.OptionsAs<BidirectionalSequenceRnnOptions>().MergeOutputs, Units(context, RnnInputs.Forwards), Units(context, RnnInputs.Backwards));

    private static Dimension Units(ShapeContext context, RnnInputs inputs) => RecurrentShapes.Weights(context, inputs.Weights, 0);

    private static RecurrentStep PrepareOneStep(PrepareContext context)
    {
        var options = context.OptionsAs<RnnOptions>();
        return Prepare(context, SequenceLayout.OfStep(context, context.Input(0)), new RnnSettings(options.Activation, options.AsymmetricQuantizeInputs));
    }

    private static RecurrentStep PrepareUnidirectional(PrepareContext context)
    {
        var options = context.OptionsAs<SequenceRnnOptions>();
        return Prepare(context, SequenceLayout.OfSequence(context, context.Input(0), options.TimeMajor), new RnnSettings(options.Activation, options.AsymmetricQuantizeInputs));
    }

    private static RecurrentStep Prepare(PrepareContext context, SequenceLayout layout, RnnSettings settings) =>
        new(context, "RNN", Layer(context, layout, settings, RnnInputs.OnlyDirection, context.Input(0), null, context.Output(0), first: 0, backwards: false));

    private static RecurrentStep PrepareBidirectional(PrepareContext context)
    {
        var options = context.OptionsAs<BidirectionalSequenceRnnOptions>();
        TensorSlot input = context.Input(0);
        TensorSlot? other = context.OptionalInput(AuxiliaryInput);
        SequenceLayout layout = SequenceLayout.OfSequence(context, input, options.TimeMajor);
        var settings = new RnnSettings(options.Activation, options.AsymmetricQuantizeInputs);
        bool isAuxiliary = context.OptionalInput(RnnInputs.Forwards.AuxiliaryWeights) is not null;
        TensorSlot? auxiliary = isAuxiliary ? other : null;
        TensorSlot reversed = isAuxiliary ? input : other ?? input;
        int firstBackwards = options.MergeOutputs ? context.Input(RnnInputs.Forwards.Weights).Shape[0] : 0;
        return new RecurrentStep(
            context, "RNN",
            Layer(context, layout, settings, RnnInputs.Forwards, input, auxiliary, context.Output(0), first: 0, backwards: false),
            Layer(context, layout, settings, RnnInputs.Backwards, reversed, auxiliary, context.Output(options.MergeOutputs ? 0 : 1), firstBackwards, backwards: true));
    }

    private static RnnLayer Layer(
        PrepareContext context, SequenceLayout layout, RnnSettings settings, RnnInputs inputs, TensorSlot sequence, TensorSlot? auxiliary, TensorSlot output, int first, bool backwards)
    {
        TensorSlot matrix = context.Input(inputs.Weights);
        int units = matrix.Shape[0];
        RecurrentTensors.CheckSequence(context, layout, sequence);
        var weights = new GateWeights(context, [matrix], [context.Input(inputs.Bias)], units, sequence.Shape[^1]);
        var recurrent = new GateWeights(context, [context.Input(inputs.RecurrentWeights)], [], units, units);
        SequenceInput input = auxiliary is null
            ? new SequenceInput(context, layout, settings.Asymmetric, (sequence, weights))
            : new SequenceInput(context, layout, settings.Asymmetric, (sequence, weights), (auxiliary, Auxiliary(context, layout, inputs, auxiliary, units)));
        TensorSlot state = RecurrentTensors.State(context, inputs.State, TensorType.Float32, checked(layout.Batch * units));
        return new RnnLayer(
            context, input, new SequenceOutput(layout, output, first, units), state, recurrent, RecurrentTensors.Activation(context, settings.Activation), backwards, settings.Asymmetric);
    }

    private static GateWeights Auxiliary(PrepareContext context, SequenceLayout layout, RnnInputs inputs, TensorSlot auxiliary, int units)
    {
        RecurrentTensors.CheckSequence(context, layout, auxiliary);
        return new GateWeights(context, [context.Input(inputs.AuxiliaryWeights)], [], units, auxiliary.Shape[^1]);
    }

    /// <summary>What the three option tables share.</summary>
    private sealed record RnnSettings(ActivationFunction Activation, bool Asymmetric);
}
