using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Fusion;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>CONV_2D: input [batch, height, width, channels], filter [outputs, height, width, channels / groups], optional bias [outputs].</summary>
internal static class Conv2DOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Conv2D, ConvolutionShapes.Conv2D, Prepare) { MultiplyAdds = ProductCount.OfFirstAxis };

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), filter = context.Input(1), output = context.Output(0);
        var options = context.OptionsAs<Conv2DOptions>();
        ConvolutionGeometry geometry = Geometry(context.Fused.Border.Around(input.Shape), filter.Shape, output.Shape, options).Without(context.Fused.Border);
        if (input.Type != TensorType.Float32)
            return new IntegerLayer(context, input, filter, 2, geometry.ToGemm(), geometry, options.Activation, "conv").Prepare();
        FloatWeights.CheckBias(context, 2, filter.Shape[0]);
        ActivationRange range = ActivationRange.Of(context.Fused.Addend is null ? options.Activation : context.Fused.Activation, context);
        output.IsNonNegative = range.IsNonNegative;
        return (input.Type, filter.Type) switch
        {
            (TensorType.Float32, TensorType.Float32) when !filter.IsKnown => PrepareComputed(context, geometry, range),
            (TensorType.Float32, TensorType.Float32) when WinogradLayout.Pays(geometry, filter.Shape[0]) => new WinogradStep(context, geometry, range),
            (TensorType.Float32, TensorType.Float32) => PrepareFloat(context, filter, geometry, range),
            (TensorType.Float32, _) when WeightCodes.AreSupported(filter) => PrepareHybrid(context, input, filter, geometry, range),
            _ => throw context.Fail($"has {input.Type} input and {filter.Type} filter, for which there is no kernel"),
        };
    }

    private static ConvolutionGeometry Geometry(int[] input, int[] filter, int[] output, Conv2DOptions options) => new(
        input[1], input[2], input[3], output[1], output[2], filter[1], filter[2],
        options.StrideH, options.StrideW, options.DilationH, options.DilationW,
        ShapeRules.PaddingBefore(input[1], output[1], filter[1], options.StrideH, options.DilationH, options.Padding),
        ShapeRules.PaddingBefore(input[2], output[2], filter[2], options.StrideW, options.DilationW, options.Padding),
        filter[3] == 0 ? 1 : input[3] / filter[3]);

    private static FloatConvolutionStep PrepareFloat(PrepareContext context, TensorSlot filter, ConvolutionGeometry geometry, ActivationRange range)
    {
        FloatGemm gemm = context.Kernels.FloatGemm;
        Lazy<PackedFloatWeights[]> weights = context.Packed(filter, $"{context.Kernels.Name} gemm {FloatWeights.BiasKey(context, 2)}", () => PackFloat(context, gemm, filter, geometry.Groups));
        return new FloatConvolutionStep(context, gemm, weights, geometry, range, $"{context.Kernels.Name} conv float");
    }

    private static ComputedStep PrepareComputed(PrepareContext context, ConvolutionGeometry geometry, ActivationRange range)
    {
        TensorSlot filter = context.Input(1);
        var weights = new ComputedWeights(context, filter, context.OptionalInput(2), geometry.Groups, filter.Shape[0] / geometry.Groups, geometry.ToGemm().Depth);
        TensorSlot? padded = geometry.NeedsPadding ? context.Scratch(checked(geometry.PaddedLength * sizeof(float))) : null;
        return new ComputedStep(weights, geometry, range, context.Input(0), context.Output(0), padded, $"{context.Kernels.Name} conv float, computed filter");
    }

    private static PackedFloatWeights[] PackFloat(PrepareContext context, FloatGemm gemm, TensorSlot filter, int groups)
    {
        ReadOnlySpan<float> all = context.Constant<float>(filter);
        ReadOnlySpan<float> bias = Bias(context);
        int outputs = filter.Shape[0] / groups;
        int depth = all.Length / Math.Max(1, filter.Shape[0]);
        var packed = new PackedFloatWeights[groups];
        for (int g = 0; g < groups; g++)
            packed[g] = gemm.Pack(all.Slice(g * outputs * depth, outputs * depth), bias.IsEmpty ? bias : bias.Slice(g * outputs, outputs), outputs, depth);
        return packed;
    }

    private static HybridConvolutionStep PrepareHybrid(PrepareContext context, TensorSlot input, TensorSlot filter, ConvolutionGeometry geometry, ActivationRange range)
    {
        QuantizationParameters quantization = filter.Quantization ?? throw context.Fail($"has the {filter.Type} filter '{filter.Name}' without a scale");
        if (quantization.PerChannel && quantization.Axis != 0)
            throw context.Fail($"has filter scales along axis {quantization.Axis}, not along the outputs");
        HybridInput hybrid = HybridInput.Choose(context, input, IsAsymmetric(context, filter, quantization, geometry));
        GemmGeometry product = geometry.ToGemm();
        Lazy<PackedHybridWeights[]> weights = context.Packed(
            filter, $"{context.Kernels.Name} {hybrid.Form} {product.SegmentLength} {FloatWeights.BiasKey(context, 2)}", () => PackHybrid(context, hybrid.Gemm, filter, quantization, geometry.Groups, product));
        return new HybridConvolutionStep(context, hybrid, weights, geometry, product, range, $"{context.Kernels.Name} conv {hybrid.Description}");
    }

    /// <summary>Google's kernel takes symmetric activations where one scale serves all outputs of one group; a file of our own wants them asymmetric throughout.</summary>
    private static bool IsAsymmetric(PrepareContext context, TensorSlot filter, QuantizationParameters quantization, ConvolutionGeometry geometry) => context.FollowsGoogle
        ? geometry.Groups > 1 || Array.Exists(quantization.Scales, scale => scale != quantization.Scales[0])
        : quantization.PerChannel || filter.Shape[0] == 1;

    private static PackedHybridWeights[] PackHybrid(
        PrepareContext context, HybridGemm gemm, TensorSlot filter, QuantizationParameters quantization, int groups, GemmGeometry product)
    {
        ReadOnlySpan<sbyte> all = WeightCodes.Hybrid(context, filter);
        ReadOnlySpan<float> bias = Bias(context);
        int outputs = filter.Shape[0] / groups;
        var packed = new PackedHybridWeights[groups];
        for (int g = 0; g < groups; g++)
        {
            packed[g] = gemm.Pack(
                all.Slice(g * outputs * product.Depth, outputs * product.Depth),
                quantization.PerChannel ? quantization.Scales.AsSpan(g * outputs, outputs) : quantization.Scales,
                bias.IsEmpty ? bias : bias.Slice(g * outputs, outputs),
                outputs, product.SegmentOffsets.Length, product.SegmentLength);
        }

        return packed;
    }

    private static ReadOnlySpan<float> Bias(PrepareContext context)
    {
        TensorSlot? bias = context.OptionalInput(2);
        return bias is null ? [] : context.Constant<float>(bias);
    }

    private sealed class ComputedStep(
        ComputedWeights weights, ConvolutionGeometry geometry, ActivationRange range, TensorSlot input, TensorSlot output, TensorSlot? padded, string kernel) : Step
    {
        private readonly GemmGeometry _product = geometry.ToGemm();

        public override string Kernel => kernel;

        public override void Run(in RunContext context)
        {
            weights.Pack(context);
            ReadOnlySpan<float> images = context.Read<float>(input);
            Span<float> outputs = context.Write<float>(output);
            int outputChannels = output.Shape[3];
            for (int item = 0; item < input.Shape[0]; item++)
            {
                ReadOnlySpan<float> image = images.Slice(item * geometry.InputLength, geometry.InputLength);
                if (padded is not null)
                {
                    Span<float> place = context.Write<float>(padded);
                    geometry.Pad(image, 0, place);
                    image = place;
                }

                Span<float> result = outputs.Slice(item * geometry.OutputPixels * outputChannels, geometry.OutputPixels * outputChannels);
                for (int g = 0; g < geometry.Groups; g++)
                {
                    int first = geometry.Groups > 1 ? g * _product.SegmentLength : 0;
                    weights.Multiply(context, g, image[first..], _product, result[(g * weights.Outputs)..], outputChannels, range);
                }
            }
        }
    }
}
