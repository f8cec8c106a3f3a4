using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Fusion;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>CONV_2D in float, with a constant filter: the image is padded, then multiplied.</summary>
internal sealed class FloatConvolutionStep : BatchStep, IAddsRows
{
    private readonly FloatGemm _gemm;
    private readonly Lazy<PackedFloatWeights[]> _weights;
    private readonly ConvolutionGeometry _geometry;
    private readonly GemmGeometry _product;
    private readonly ProductCut _cut;
    private readonly ActivationRange _range;
    private readonly RowEpilogue? _epilogue;
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly MemberScratch? _padded;

    public FloatConvolutionStep(PrepareContext context, FloatGemm gemm, Lazy<PackedFloatWeights[]> weights, ConvolutionGeometry geometry, ActivationRange range, string kernel)
        : base(context.Input(0).Shape[0], context.Threads)
    {
        (_gemm, _weights, _geometry) = (gemm, weights, geometry);
        (_input, _output, Kernel) = (context.Input(0), context.Output(0), kernel);
        _product = geometry.ToGemm();
        _epilogue = RowEpilogue.Of(context, range, _product, sizeof(float));
        _range = _epilogue is null ? range : ActivationRange.Everything;
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
            Multiply(context, _padded is null ? image : _padded.Of<float>(context, Copy(part)), item, _cut.Share(part));
    }

    private void Pad(in RunContext context, ReadOnlySpan<float> image, in Part part)
    {
        (int first, int count) = part.Share(_geometry.PaddedHeight);
        if (_padded is not null)
            _geometry.Pad(image, 0, _padded.Of<float>(context, Copy(part)), first, count);
    }

    private void Multiply(in RunContext context, ReadOnlySpan<float> image, int item, in GemmPart part)
    {
        int outputChannels = _output.Shape[3], outputLength = _geometry.OutputPixels * outputChannels, start = item * outputLength;
        int block = _epilogue?.BlockRows(part) ?? part.Rows;
        for (int first = 0; first < part.Rows; first += block)
        {
            GemmPart rows = part.Block(first, block);
            Multiply(image, rows, context.Write<float>(_output).Slice(start, outputLength), outputChannels);
            _epilogue?.Run(context, start, rows);
        }
    }

    private void Multiply(ReadOnlySpan<float> image, in GemmPart part, Span<float> result, int outputChannels)
    {
        for (int g = 0; g < _geometry.Groups; g++)
        {
            PackedFloatWeights group = _weights.Value[g];
            int first = _geometry.Groups > 1 ? g * _product.SegmentLength : 0;
            _gemm.Run(image[first..], _product, part, group, result[(g * group.Outputs)..], outputChannels, _range.Minimum, _range.Maximum);
        }
    }
}
