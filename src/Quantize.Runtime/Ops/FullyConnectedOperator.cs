using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>FULLY_CONNECTED: rows of the input times weights [outputs, depth], optional bias [outputs].</summary>
internal static class FullyConnectedOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.FullyConnected, FullyConnectedShapes.Infer, Prepare) { MultiplyAdds = ProductCount.OfFirstAxis };

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), weights = context.Input(1), output = context.Output(0);
        var options = context.OptionsAs<FullyConnectedOptions>();
        if (options.WeightsFormat != WeightsFormat.Default)
            throw context.Fail($"has weights in the order {options.WeightsFormat}, which is not supported");
        int depth = weights.Shape[1];
        int rows = depth == 0 ? 0 : input.ElementCount / depth;
        GemmGeometry product = GemmGeometry.Dense(rows, depth, depth);
        if (input.Type != TensorType.Float32)
            return new IntegerLayer(context, input, weights, 2, product, null, options.Activation, "dense").Prepare();
        FloatWeights.CheckBias(context, 2, weights.Shape[0]);
        ActivationRange range = ActivationRange.Of(options.Activation, context);
        output.IsNonNegative = range.IsNonNegative;
        return (input.Type, weights.Type) switch
        {
            (TensorType.Float32, TensorType.Float32) when !weights.IsKnown => new ComputedStep(
                new ComputedWeights(context, weights, context.OptionalInput(2), 1, weights.Shape[0], depth), product, range, input, output, $"{context.Kernels.Name} dense float, computed weights"),
            (TensorType.Float32, TensorType.Float32) => PrepareFloat(context, input, weights, output, product, range, "float"),
            (TensorType.Float32, _) when weights.Constant?.Blockwise is { } blocks => new BlockwiseStep(context, blocks, range, options.AsymmetricQuantizeInputs),
            (TensorType.Float32, _) when WeightCodes.AreSupported(weights) && FloatWeights.ArePreferred(context, weights.Shape[0], depth) =>
                PrepareFloat(context, input, weights, output, product, range, "float, weights expanded"),
            (TensorType.Float32, _) when WeightCodes.AreSupported(weights) => PrepareHybrid(context, input, weights, output, product, range, options.AsymmetricQuantizeInputs),
            _ => throw context.Fail($"has {input.Type} input and {weights.Type} weights, for which there is no kernel"),
        };
    }

    private static FloatStep PrepareFloat(PrepareContext context, TensorSlot input, TensorSlot weights, TensorSlot output, GemmGeometry product, ActivationRange range, string arithmetic)
    {
        FloatGemm gemm = context.Kernels.FloatGemm;
        Lazy<PackedFloatWeights> packed = context.Packed(
            weights, $"{context.Kernels.Name} gemm {FloatWeights.BiasKey(context, 2)}", () => gemm.Pack(FloatWeights.Values(context, weights), Bias(context), weights.Shape[0], weights.Shape[1]));
        return new FloatStep(gemm, packed, product, range, input, output, weights.Shape[0], $"{context.Kernels.Name} dense {arithmetic}");
    }

    private static HybridStep PrepareHybrid(
        PrepareContext context, TensorSlot input, TensorSlot weights, TensorSlot output, GemmGeometry product, ActivationRange range, bool asymmetric)
    {
        QuantizationParameters quantization = weights.Quantization ?? throw context.Fail($"has {weights.Type} weights '{weights.Name}' without a scale");
        if (quantization.PerChannel && quantization.Axis != 0)
            throw context.Fail($"has weight scales along axis {quantization.Axis}, not along the outputs");
        HybridInput hybrid = HybridInput.Choose(context, input, asymmetric);
        Lazy<PackedHybridWeights> packed = context.Packed(
            weights, $"{context.Kernels.Name} {hybrid.Form} {FloatWeights.BiasKey(context, 2)}",
            () => hybrid.Gemm.Pack(WeightCodes.Hybrid(context, weights), quantization.Scales, Bias(context), weights.Shape[0], 1, weights.Shape[1]));
        int rowBytes = checked(product.Depth * hybrid.Form.Bytes());
        TensorSlot stored = context.Scratch(checked(product.Rows * rowBytes + HybridGemm.ReadAhead));
        TensorSlot scales = context.Scratch(product.Rows * sizeof(float));
        TensorSlot corrections = context.Scratch(product.Rows * sizeof(int));
        return new HybridStep(hybrid, packed, product, range, input, output, weights.Shape[0], stored, scales, corrections, $"{context.Kernels.Name} dense {hybrid.Description}");
    }

    private static ReadOnlySpan<float> Bias(PrepareContext context)
    {
        TensorSlot? bias = context.OptionalInput(2);
        return bias is null ? [] : context.Constant<float>(bias);
    }

    private sealed class FloatStep(
        FloatGemm gemm, Lazy<PackedFloatWeights> weights, GemmGeometry product, ActivationRange range, TensorSlot input, TensorSlot output, int outputs, string kernel) : ParallelStep
    {
        private readonly ProductCut _cut = new(product, outputs, gemm.PanelWidth);

        public override string Kernel => kernel;

        protected override int Phases => 1;

        public override void RunPart(in RunContext context, in Part part) =>
            gemm.Run(context.Read<float>(input), product, _cut.Share(part), weights.Value, context.Write<float>(output), outputs, range.Minimum, range.Maximum);

        protected override int Parts(int phase, int members) => _cut.Parts(members);
    }

    private sealed class ComputedStep(ComputedWeights weights, GemmGeometry product, ActivationRange range, TensorSlot input, TensorSlot output, string kernel) : Step
    {
        public override string Kernel => kernel;

        public override void Run(in RunContext context)
        {
            weights.Pack(context);
            weights.Multiply(context, 0, context.Read<float>(input), product, context.Write<float>(output), weights.Outputs, range);
        }
    }

    /// <summary>First the rows are quantized, then multiplied.</summary>
    private sealed class HybridStep(
        HybridInput hybrid, Lazy<PackedHybridWeights> weights, GemmGeometry product, ActivationRange range, TensorSlot input, TensorSlot output, int outputs,
        TensorSlot stored, TensorSlot scales, TensorSlot corrections, string kernel) : ParallelStep
    {
        private readonly ProductCut _cut = new(product, outputs, hybrid.Gemm.PanelWidth);

        public override string Kernel => kernel;

        protected override int Phases => 2;

        public override void RunPart(in RunContext context, in Part part)
        {
            if (part.Phase == 0)
                Quantize(context, part);
            else
                Multiply(context, part);
        }

        protected override int Parts(int phase, int members) =>
            phase == 0 ? Cutting.Parts((long)product.Rows * product.Depth * Cutting.WorkOfElement, product.Rows, members) : _cut.Parts(members);

        private void Quantize(in RunContext context, in Part part)
        {
            ReadOnlySpan<float> values = context.Read<float>(input);
            Span<byte> activations = context.Write<byte>(stored);
            Span<float> rowScales = context.Write<float>(scales);
            Span<int> rowCorrections = context.Write<int>(corrections);
            int depth = product.Depth, rowBytes = depth * hybrid.Form.Bytes();
            (int first, int count) = part.Share(product.Rows);
            for (int row = first; row < first + count; row++)
                hybrid.Quantize(values.Slice(row * depth, depth), activations[(row * rowBytes)..], out rowScales[row], out rowCorrections[row]);
        }

        private void Multiply(in RunContext context, in Part part) => hybrid.Gemm.Run(
            context.Read<byte>(stored), product, _cut.Share(part), weights.Value, context.Read<float>(scales), context.Read<int>(corrections), context.Write<float>(output), outputs,
            range.Minimum, range.Maximum);
    }
}
