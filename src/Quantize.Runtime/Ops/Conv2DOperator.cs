using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;
using Quantize.Runtime.Simd;
using Quantize.Runtime.Threads;

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
        ActivationRange range = ActivationRange.Of(options.Activation, context);
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

    private static FloatStep PrepareFloat(PrepareContext context, TensorSlot filter, ConvolutionGeometry geometry, ActivationRange range)
    {
        FloatGemm gemm = context.Kernels.FloatGemm;
        Lazy<PackedFloatWeights[]> weights = context.Packed(filter, $"{context.Kernels.Name} gemm {FloatWeights.BiasKey(context, 2)}", () => PackFloat(context, gemm, filter, geometry.Groups));
        return new FloatStep(context, gemm, weights, geometry, range, $"{context.Kernels.Name} conv float");
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

    private static HybridStep PrepareHybrid(PrepareContext context, TensorSlot input, TensorSlot filter, ConvolutionGeometry geometry, ActivationRange range)
    {
        QuantizationParameters quantization = filter.Quantization ?? throw context.Fail($"has the {filter.Type} filter '{filter.Name}' without a scale");
        if (quantization.PerChannel && quantization.Axis != 0)
            throw context.Fail($"has filter scales along axis {quantization.Axis}, not along the outputs");
        HybridInput hybrid = HybridInput.Choose(context, input, asymmetric: quantization.PerChannel || filter.Shape[0] == 1);
        GemmGeometry product = geometry.ToGemm();
        Lazy<PackedHybridWeights[]> weights = context.Packed(
            filter, $"{context.Kernels.Name} {hybrid.Form} {product.SegmentLength} {FloatWeights.BiasKey(context, 2)}", () => PackHybrid(context, hybrid.Gemm, filter, quantization, geometry.Groups, product));
        return new HybridStep(context, hybrid, weights, geometry, product, range, $"{context.Kernels.Name} conv {hybrid.Description}");
    }

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

    private sealed class FloatStep : BatchStep
    {
        private readonly FloatGemm _gemm;
        private readonly Lazy<PackedFloatWeights[]> _weights;
        private readonly ConvolutionGeometry _geometry;
        private readonly GemmGeometry _product;
        private readonly ProductCut _cut;
        private readonly ActivationRange _range;
        private readonly TensorSlot _input;
        private readonly TensorSlot _output;
        private readonly MemberScratch? _padded;

        public FloatStep(PrepareContext context, FloatGemm gemm, Lazy<PackedFloatWeights[]> weights, ConvolutionGeometry geometry, ActivationRange range, string kernel)
            : base(context.Input(0).Shape[0], context.Threads)
        {
            (_gemm, _weights, _geometry, _range) = (gemm, weights, geometry, range);
            (_input, _output, Kernel) = (context.Input(0), context.Output(0), kernel);
            _product = geometry.ToGemm();
            _cut = new ProductCut(_product, _output.Shape[3] / geometry.Groups, gemm.PanelWidth);
            _padded = geometry.NeedsPadding ? new MemberScratch(context, checked(geometry.PaddedLength * sizeof(float)), Copies) : null;
        }

        public override string Kernel { get; }

        protected override int ItemPhases => 2;

        protected override long ItemWork => _cut.Work * _geometry.Groups;

        protected override int ItemParts(int phase, int members) => phase == 1 ? _cut.Parts(members)
            : _padded is null ? 1
            : Cutting.Parts((long)_geometry.PaddedLength * Cutting.WorkOfElement, _geometry.PaddedHeight, members);

        protected override void RunItem(in RunContext context, int item, in Part part)
        {
            ReadOnlySpan<float> image = context.Read<float>(_input).Slice(item * _geometry.InputLength, _geometry.InputLength);
            if (part.Phase == 0)
                Pad(context, image, part);
            else
                Multiply(context, _padded is null ? image : _padded.Of<float>(context, part.Member), item, _cut.Share(part));
        }

        private void Pad(in RunContext context, ReadOnlySpan<float> image, in Part part)
        {
            (int first, int count) = part.Share(_geometry.PaddedHeight);
            if (_padded is not null)
                _geometry.Pad(image, 0, _padded.Of<float>(context, part.Member), first, count);
        }

        private void Multiply(in RunContext context, ReadOnlySpan<float> image, int item, in GemmPart part)
        {
            int outputChannels = _output.Shape[3], outputLength = _geometry.OutputPixels * outputChannels;
            Span<float> result = context.Write<float>(_output).Slice(item * outputLength, outputLength);
            for (int g = 0; g < _geometry.Groups; g++)
            {
                PackedFloatWeights group = _weights.Value[g];
                int start = _geometry.Groups > 1 ? g * _product.SegmentLength : 0;
                _gemm.Run(image[start..], _product, part, group, result[(g * group.Outputs)..], outputChannels, _range.Minimum, _range.Maximum);
            }
        }
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

    private sealed class HybridStep : BatchStep
    {
        private readonly HybridActivations _activations;
        private readonly HybridInput _hybrid;
        private readonly Lazy<PackedHybridWeights[]> _weights;
        private readonly ConvolutionGeometry _geometry;
        private readonly GemmGeometry _product;
        private readonly ProductCut _cut;
        private readonly ActivationRange _range;
        private readonly TensorSlot _input;
        private readonly TensorSlot _output;

        public HybridStep(PrepareContext context, HybridInput hybrid, Lazy<PackedHybridWeights[]> weights, ConvolutionGeometry geometry, GemmGeometry product, ActivationRange range, string kernel)
            : base(context.Input(0).Shape[0], context.Threads)
        {
            (_hybrid, _weights, _geometry, _product, _range) = (hybrid, weights, geometry, product, range);
            (_input, _output, Kernel) = (context.Input(0), context.Output(0), kernel);
            _cut = new ProductCut(product, _output.Shape[3] / geometry.Groups, hybrid.Gemm.PanelWidth);
            _activations = new HybridActivations(context, hybrid, geometry, Copies);
        }

        public override string Kernel { get; }

        protected override int ItemPhases => HybridActivations.Phases + 1;

        protected override long ItemWork => _cut.Work * _geometry.Groups;

        protected override int ItemParts(int phase, int members) => phase < HybridActivations.Phases ? _activations.Parts(phase, members) : _cut.Parts(members);

        protected override void RunItem(in RunContext context, int item, in Part part)
        {
            if (part.Phase < HybridActivations.Phases)
                _activations.RunPart(context, context.Read<float>(_input).Slice(item * _geometry.InputLength, _geometry.InputLength), part);
            else
                Multiply(context, item, part);
        }

        private void Multiply(in RunContext context, int item, in Part part)
        {
            ReadOnlySpan<byte> stored = _activations.Stored(context, part.Member, out float scale, out int correction);
            int outputChannels = _output.Shape[3], outputLength = _geometry.OutputPixels * outputChannels;
            Span<float> result = context.Write<float>(_output).Slice(item * outputLength, outputLength);
            for (int g = 0; g < _geometry.Groups; g++)
            {
                PackedHybridWeights group = _weights.Value[g];
                int start = _geometry.Groups > 1 ? g * _product.SegmentLength * _hybrid.Form.Bytes() : 0;
                _hybrid.Gemm.Run(
                    stored[start..], _product, _cut.Share(part), group, new ReadOnlySpan<float>(in scale), new ReadOnlySpan<int>(in correction),
                    result[(g * group.Outputs)..], outputChannels, _range.Minimum, _range.Maximum);
            }
        }
    }
}
