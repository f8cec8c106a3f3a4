using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The LSTM operators: one step, a sequence, a sequence in both directions.</summary>
internal static class LstmOperator
{
    private const int AuxiliaryInput = 39;

    public static OperatorDefinition OneStep { get; } = new(BuiltinOperator.Lstm, InferOneStep, PrepareOneStep) { IsStateful = true, MultiplyAdds = RecurrentCount.OfWeights };

    public static OperatorDefinition Unidirectional { get; } = new(BuiltinOperator.UnidirectionalSequenceLstm, InferUnidirectional, PrepareUnidirectional)
    {
        IsStateful = true,
        MultiplyAdds = RecurrentCount.OfWeights,
    };

    public static OperatorDefinition Bidirectional { get; } = new(BuiltinOperator.BidirectionalSequenceLstm, InferBidirectional, PrepareBidirectional)
    {
        IsStateful = true,
        MultiplyAdds = RecurrentCount.OfWeights,
    };

    private static void InferOneStep(ShapeContext context)
    {
        if (context.OptionsAs<LstmOptions>().KernelType == LstmKernelType.Basic)
            BasicLstmOperator.Infer(context);
        else
            RecurrentShapes.Infer(context, 0, rank: 2, Outputs(context, LstmInputs.OnlyDirection));
    }

    private static void InferUnidirectional(ShapeContext context) => RecurrentShapes.Infer(context, 0, rank: 3, Outputs(context, LstmInputs.OnlyDirection));

    private static void InferBidirectional(ShapeContext context) => RecurrentShapes.Infer(
        context, context.OptionsAs<BidirectionalSequenceLstmOptions>().MergeOutputs, Outputs(context, LstmInputs.Forwards), Outputs(context, LstmInputs.Backwards));

    private static Dimension Outputs(ShapeContext context, LstmInputs inputs) => RecurrentShapes.Weights(context, inputs.RecurrentWeights(LstmGate.Output), 1);

    private static Step PrepareOneStep(PrepareContext context)
    {
        var options = context.OptionsAs<LstmOptions>();
        if (options.KernelType == LstmKernelType.Basic)
            return BasicLstmOperator.Prepare(context);
        return Prepare(context, SequenceLayout.OfStep(context, context.Input(0)), LstmSettings.Of(context, options));
    }

    private static Step PrepareUnidirectional(PrepareContext context)
    {
        var options = context.OptionsAs<UnidirectionalSequenceLstmOptions>();
        if (options.DiagonalRecurrentTensors)
            throw context.Fail("has diagonal recurrent weights, for which there is no kernel");
        return Prepare(context, SequenceLayout.OfSequence(context, context.Input(0), options.TimeMajor), LstmSettings.Of(context, options));
    }

    private static Step Prepare(PrepareContext context, SequenceLayout layout, LstmSettings settings)
    {
        TensorSlot output = context.Output(0);
        return context.Input(0).Type == TensorType.Float32
            ? new RecurrentStep(context, "LSTM", Layer(context, layout, settings, LstmInputs.OnlyDirection, context.Input(0), null, output, first: 0, backwards: false))
            : new IntegerLstmStep(context, layout, settings);
    }

    private static RecurrentStep PrepareBidirectional(PrepareContext context)
    {
        var options = context.OptionsAs<BidirectionalSequenceLstmOptions>();
        TensorSlot input = context.Input(0);
        TensorSlot? other = context.OptionalInput(AuxiliaryInput);
        SequenceLayout layout = SequenceLayout.OfSequence(context, input, options.TimeMajor);
        LstmSettings settings = LstmSettings.Of(context, options);
        bool isAuxiliary = context.OptionalInput(LstmInputs.Forwards.AuxiliaryWeights(LstmGate.Forget)) is not null;
        TensorSlot? auxiliary = isAuxiliary ? other : null;
        TensorSlot reversed = isAuxiliary ? input : other ?? input;
        int firstBackwards = options.MergeOutputs ? LstmShape.Of(context, LstmInputs.Forwards).Outputs : 0;
        return new RecurrentStep(
            context, "LSTM",
            Layer(context, layout, settings, LstmInputs.Forwards, input, auxiliary, context.Output(0), first: 0, backwards: false),
            Layer(context, layout, settings, LstmInputs.Backwards, reversed, auxiliary, context.Output(options.MergeOutputs ? 0 : 1), firstBackwards, backwards: true));
    }

    private static LstmLayer Layer(
        PrepareContext context, SequenceLayout layout, LstmSettings settings, LstmInputs inputs, TensorSlot sequence, TensorSlot? auxiliary, TensorSlot output, int first, bool backwards)
    {
        LstmShape shape = LstmShape.Of(context, inputs);
        RecurrentTensors.CheckSequence(context, layout, sequence);
        GateWeights weights = shape.Input(context, inputs, sequence.Shape[^1]);
        if (auxiliary is not null)
            RecurrentTensors.CheckSequence(context, layout, auxiliary);
        SequenceInput input = auxiliary is null
            ? new SequenceInput(context, layout, settings.Asymmetric, (sequence, weights))
            : new SequenceInput(context, layout, settings.Asymmetric, (sequence, weights), (auxiliary, shape.Auxiliary(context, inputs, auxiliary.Shape[^1])));
        TensorSlot state = RecurrentTensors.State(context, inputs.OutputState, TensorType.Float32, checked(layout.Batch * shape.Outputs));
        return new LstmLayer(context, shape, inputs, settings, input, new SequenceOutput(layout, output, first, shape.Outputs), state, backwards);
    }
}
