using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Fusion;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>CONV_2D with 8-bit weights: the image is quantized and padded, then multiplied.</summary>
internal sealed class HybridConvolutionStep : BatchStep, IAddsRows
{
    private readonly HybridActivations _activations;
    private readonly HybridInput _hybrid;
    private readonly Lazy<PackedHybridWeights[]> _weights;
    private readonly ConvolutionGeometry _geometry;
    private readonly GemmGeometry _product;
    private readonly ProductCut _cut;
    private readonly ActivationRange _range;
    private readonly RowEpilogue? _epilogue;
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;

    public HybridConvolutionStep(PrepareContext context, HybridInput hybrid, Lazy<PackedHybridWeights[]> weights, ConvolutionGeometry geometry, GemmGeometry product, ActivationRange range, string kernel)
        : base(context.Input(0).Shape[0], context.Threads)
    {
        (_hybrid, _weights, _geometry, _product) = (hybrid, weights, geometry, product);
        (_input, _output, Kernel) = (context.Input(0), context.Output(0), kernel);
        _epilogue = RowEpilogue.Of(context, range, product, hybrid.Form.Bytes());
        _range = _epilogue is null ? range : ActivationRange.Everything;
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
        int outputChannels = _output.Shape[3], outputLength = _geometry.OutputPixels * outputChannels, start = item * outputLength;
        GemmPart share = _cut.Share(part);
        int block = _epilogue?.BlockRows(share) ?? share.Rows;
        for (int first = 0; first < share.Rows; first += block)
        {
            GemmPart rows = share.Block(first, block);
            Multiply(stored, rows, scale, correction, context.Write<float>(_output).Slice(start, outputLength), outputChannels);
            _epilogue?.Run(context, start, rows);
        }
    }

    private void Multiply(ReadOnlySpan<byte> stored, in GemmPart part, float scale, int correction, Span<float> result, int outputChannels)
    {
        for (int g = 0; g < _geometry.Groups; g++)
        {
            PackedHybridWeights group = _weights.Value[g];
            int first = _geometry.Groups > 1 ? g * _product.SegmentLength * _hybrid.Form.Bytes() : 0;
            _hybrid.Gemm.Run(
                stored[first..], _product, part, group, new ReadOnlySpan<float>(in scale), new ReadOnlySpan<int>(in correction),
                result[(g * group.Outputs)..], outputChannels, _range.Minimum, _range.Maximum);
        }
    }
}
