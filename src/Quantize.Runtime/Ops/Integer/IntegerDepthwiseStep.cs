using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>DEPTHWISE_CONV_2D on 8-bit codes.</summary>
internal sealed class IntegerDepthwiseStep<T> : BatchStep
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Each tap loads what it multiplies.</summary>
    private const int WorkOfTap = 2;

    /// <summary>Codes of which a share is a multiple: whole cache lines.</summary>
    private const int Unit = 64;

    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly MemberScratch _centered;
    private readonly MemberScratch _sums;
    private readonly ConvolutionGeometry _geometry;
    private readonly ExactDepthwise _depthwise;
    private readonly int[] _bias;
    private readonly Requantization _requantization;
    private readonly int _zeroPoint;

    public IntegerDepthwiseStep(PrepareContext context, ConvolutionGeometry geometry, ActivationFunction activation)
        : base(context.Input(0).Shape[0], context.Threads)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output, _geometry) = (context.Input(0), context.Output(0), geometry);
        int channels = _output.Shape[3];
        _zeroPoint = TensorScale.Of(_input, context).ZeroPoint;
        _depthwise = new ExactDepthwise(context, filter, () => WeightCodes.Signed(context, filter), WeightCodes.ZeroPoint(context, filter), geometry, channels);
        _bias = IntegerBias.Narrow(context, 2, channels) is { Length: > 0 } bias ? bias : new int[channels];
        FixedPointRounding rounding = filter.Type == TensorType.Int4 ? FixedPointRounding.Twice : FixedPointRounding.TwiceUp;
        _requantization = Requantizations.Of(context, _input, filter, axis: 3, _output, activation, _input.Type == TensorType.UInt8, rounding);
        _centered = new MemberScratch(context, checked(geometry.InputLength * sizeof(float)), Copies);
        _sums = new MemberScratch(context, checked(geometry.OutputPixels * channels * sizeof(float)), Copies);
        Kernel = $"{context.Kernels.Name} depthwise {_input.Type}";
    }

    public override string Kernel { get; }

    protected override int ItemPhases => 2;

    protected override long ItemWork => (long)_geometry.OutputPixels * _output.Shape[3] * (2 * Cutting.WorkOfElement + WorkOfTap * _geometry.FilterHeight * _geometry.FilterWidth);

    protected override int ItemParts(int phase, int members) => phase == 0
        ? Cutting.Parts((long)_geometry.InputLength * Cutting.WorkOfElement, _geometry.InputLength / Unit, members)
        : Cutting.Parts(ItemWork, _geometry.OutputHeight, members);

    protected override void RunItem(in RunContext context, int item, in Part part)
    {
        Span<float> centered = _centered.Of<float>(context, Copy(part));
        if (part.Phase == 0)
            Center(context.Read<T>(_input).Slice(item * _geometry.InputLength, _geometry.InputLength), centered, part);
        else
            Sum(centered, _sums.Of<float>(context, Copy(part)), context.Write<T>(_output), item, part);
    }

    private void Center(ReadOnlySpan<T> image, Span<float> centered, in Part part)
    {
        (int first, int count) = part.Share(image.Length, Unit);
        CenteredCodes.Store(image.Slice(first, count), _zeroPoint, centered[first..]);
    }

    /// <summary>Rows of the output.</summary>
    private void Sum(ReadOnlySpan<float> centered, Span<float> sums, Span<T> codes, int item, in Part part)
    {
        (int first, int count) = part.Share(_geometry.OutputHeight);
        int rowLength = _geometry.OutputWidth * _output.Shape[3];
        _depthwise.Sums(centered, first, count, sums);
        _requantization.Exact(sums.Slice(first * rowLength, count * rowLength), _bias, codes.Slice(item * sums.Length + first * rowLength, count * rowLength));
    }
}
