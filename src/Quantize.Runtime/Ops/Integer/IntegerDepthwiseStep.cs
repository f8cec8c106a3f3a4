using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// DEPTHWISE_CONV_2D on 8-bit codes, some rows of the output at a time: the rows of the image below them as floats, their sums and their codes stay in the cache.
/// </summary>
internal sealed class IntegerDepthwiseStep<T> : ParallelStep
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Each tap loads what it multiplies.</summary>
    private const int WorkOfTap = 2;

    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly MemberScratch _centered;
    private readonly MemberScratch _sums;
    private readonly ConvolutionGeometry _geometry;
    private readonly RowBlock[] _blocks;
    private readonly CodeArithmetic _codes;
    private readonly ExactDepthwise _depthwise;
    private readonly AlignedBuffer _bias;
    private readonly Requantization _requantization;
    private readonly int _zeroPoint;

    public IntegerDepthwiseStep(PrepareContext context, ConvolutionGeometry geometry, ActivationFunction activation)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output, _geometry) = (context.Input(0), context.Output(0), geometry);
        int channels = _output.Shape[3];
        _zeroPoint = TensorScale.Of(_input, context).ZeroPoint;
        _codes = context.Kernels.CodeArithmetic;
        _depthwise = new ExactDepthwise(context, filter, () => WeightCodes.Signed(context, filter), WeightCodes.ZeroPoint(context, filter), geometry, channels);
        _bias = Requantization.Filled(IntegerBias.Narrow(context, 2, channels) is { Length: > 0 } bias ? bias : new int[channels]);
        FixedPointRounding rounding = filter.Type == TensorType.Int4 ? FixedPointRounding.Twice : FixedPointRounding.TwiceUp;
        _requantization = Requantizations.Of(context, _input, filter, axis: 3, _output, activation, _input.Type == TensorType.UInt8, rounding);
        _blocks = RowBlock.Of(geometry, channels);
        _centered = new MemberScratch(context, checked(_blocks.Select(block => block.Geometry.InputLength).DefaultIfEmpty().Max() * sizeof(float)), context.Threads);
        _sums = new MemberScratch(context, checked(_blocks.Select(block => block.Geometry.OutputPixels).DefaultIfEmpty().Max() * channels * sizeof(float)), context.Threads);
        Kernel = $"{context.Kernels.Name} depthwise {_input.Type}";
    }

    public override string Kernel { get; }

    protected override int Phases => 1;

    private int Blocks => _output.Shape[0] * _blocks.Length;

    /// <summary>Blocks of rows, which may belong to several images.</summary>
    public override void RunPart(in RunContext context, in Part part)
    {
        Span<float> centered = _centered.Of<float>(context, part.Member), sums = _sums.Of<float>(context, part.Member);
        (int first, int count) = part.Share(Blocks);
        for (int i = first; i < first + count; i++)
        {
            (int item, int block) = Math.DivRem(i, _blocks.Length);
            ReadOnlySpan<T> image = context.Read<T>(_input).Slice(item * _geometry.InputLength, _geometry.InputLength);
            int outputLength = _geometry.OutputPixels * _output.Shape[3];
            Run(image, _blocks[block], centered, sums, context.Write<T>(_output).Slice(item * outputLength, outputLength));
        }
    }

    protected override int Parts(int phase, int members) =>
        Cutting.Parts((long)_output.ElementCount * (2 * Cutting.WorkOfElement + WorkOfTap * _geometry.FilterHeight * _geometry.FilterWidth), Blocks, members);

    private void Run(ReadOnlySpan<T> image, RowBlock block, Span<float> centered, Span<float> sums, Span<T> codes)
    {
        int outputRow = _geometry.OutputWidth * _output.Shape[3], length = block.Geometry.OutputHeight * outputRow;
        _codes.Center(image.Slice(block.FirstInput * _geometry.InputWidth * _geometry.Channels, block.Geometry.InputLength), _zeroPoint, centered);
        _depthwise.Sums(centered[..block.Geometry.InputLength], block.Geometry, sums[..length]);
        _requantization.Exact<T>(sums[..length], _bias, codes.Slice(block.FirstOutput * outputRow, length));
    }
}
