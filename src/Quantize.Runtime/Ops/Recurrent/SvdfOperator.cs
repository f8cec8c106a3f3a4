using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>
/// SVDF: filters over features, whose last results are remembered, and filters over that memory; the ranks of a unit are summed. Weights [filters, features] and
/// [filters, memory], state [batch, filters * memory].
/// </summary>
internal static class SvdfOperator
{
    private const int FeatureWeights = 1, TimeWeights = 2, Bias = 3, State = 4;

    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Svdf, Infer, Prepare) { IsStateful = true, MultiplyAdds = RecurrentCount.OfWeights };

    private static void Infer(ShapeContext context)
    {
        int rank = context.OptionsAs<SvdfOptions>().Rank;
        Dimension filters = RecurrentShapes.Weights(context, FeatureWeights, 0);
        if (rank < 1 || (filters.IsKnown && filters.Value % rank != 0))
            throw context.Fail($"has {filters} filters of rank {rank}");
        RecurrentShapes.Infer(context, 0, rank: 2, filters.IsKnown ? filters.Value / rank : throw context.Fail("has weights of an unknown shape"));
    }

    private static Step Prepare(PrepareContext context)
    {
        var options = context.OptionsAs<SvdfOptions>();
        TensorSlot input = context.Input(0), features = context.Input(FeatureWeights), time = context.Input(TimeWeights);
        if (features.Shape is not [int filters, int depth] || time.Shape is not [int timeFilters, int memory] || timeFilters != filters || input.Shape[1] != depth || memory == 0)
            throw context.Fail($"has weights {features} and {time}, which do not fit each other or the input {input}");
        var shape = new SvdfShape(input.Shape[0], depth, filters, options.Rank, memory);
        if (input.Type != TensorType.Float32)
            return IntegerSvdfStep.Prepare(context, shape);
        var weights = new GateWeights(context, [features], [], filters, depth);
        float[]? bias = RecurrentTensors.Vector(context, Bias, shape.Units);
        return new FloatStep(
            RecurrentProduct.Prepare(context, weights, input, shape.Batch, options.AsymmetricQuantizeInputs), shape, TimeMatrix(context, time), bias ?? new float[shape.Units],
            RecurrentTensors.Activation(context, options.Activation), context, RecurrentTensors.State(context, State, TensorType.Float32, shape.StateLength));
    }

    private static float[] TimeMatrix(PrepareContext context, TensorSlot time)
    {
        if (time.Type == TensorType.Float32)
            return context.Constant<float>(time).ToArray();
        if (time.Type is not (TensorType.Int8 or TensorType.UInt8))
            throw context.Fail($"has weights '{time.Name}' of type {time.Type}, for which there is no kernel");
        float[] scales = RecurrentTensors.Scales(context, time);
        int memory = time.Shape[1];
        return [.. context.Constant<sbyte>(time).ToArray().Select((code, i) => code * scales[scales.Length == 1 ? 0 : i / memory])];
    }

    private sealed class FloatStep(
        RecurrentProduct features, SvdfShape shape, float[] time, float[] bias, CellActivation activation, PrepareContext prepare, TensorSlot state) : Step
    {
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly TensorSlot _results = prepare.Scratch(checked(shape.Batch * shape.Filters * sizeof(float)));
        private readonly ProductRows _rows = ProductRows.Dense(shape.Batch, shape.Depth);
        private readonly Elementwise _elementwise = prepare.Kernels.Elementwise;

        public override string Kernel { get; } = $"{prepare.Kernels.Name} SVDF {features.Arithmetic}";

        public override void Run(in RunContext context)
        {
            Span<float> results = context.Write<float>(_results), memory = context.Write<float>(state), output = context.Write<float>(_output);
            features.Run(context, context.Read<float>(_input), _rows, results);
            shape.Remember(results, memory);
            for (int i = 0; i < output.Length; i++)
                output[i] = Math.Clamp(Unit(memory, i / shape.Units, i % shape.Units), activation.Minimum, activation.Maximum);
            if (activation.IsTanh)
                _elementwise.Unary(UnaryFunction.Tanh, output, output);
        }

        private float Unit(ReadOnlySpan<float> memory, int item, int unit)
        {
            float sum = bias[unit];
            for (int filter = unit * shape.Rank; filter < (unit + 1) * shape.Rank; filter++)
            {
                ReadOnlySpan<float> remembered = shape.Memories(memory, item, filter), weights = time.AsSpan(filter * shape.Memory, shape.Memory);
                for (int t = 0; t < weights.Length; t++)
                    sum += remembered[t] * weights[t];
            }

            return sum;
        }
    }
}
