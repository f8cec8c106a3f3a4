using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>CONV_2D with 8-bit weights: the image is quantized and padded, then multiplied.</summary>
internal sealed class HybridConvolutionStep : BatchStep
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

    public HybridConvolutionStep(PrepareContext context, HybridInput hybrid, Lazy<PackedHybridWeights[]> weights, ConvolutionGeometry geometry, GemmGeometry product, ActivationRange range, string kernel)
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
            _activations.RunPart(context, context.Read<float>(_input).Slice(item * _geometry.InputLength, _geometry.InputLength), part with { Member = Copy(part) });
        else
            Multiply(context, item, part);
    }

    private void Multiply(in RunContext context, int item, in Part part)
    {
        ReadOnlySpan<byte> stored = _activations.Stored(context, Copy(part), out float scale, out int correction);
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
