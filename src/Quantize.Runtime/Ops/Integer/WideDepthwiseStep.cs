using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>DEPTHWISE_CONV_2D on 16-bit codes, summed in 64 bits.</summary>
internal sealed class WideDepthwiseStep : Step
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _sums;
    private readonly ConvolutionGeometry _geometry;
    private readonly Lazy<short[]> _weights;
    private readonly long[] _bias;
    private readonly Requantization _requantization;
    private readonly int _zeroPoint;
    private readonly int _channels;

    public WideDepthwiseStep(PrepareContext context, ConvolutionGeometry geometry, ActivationFunction activation)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output, _geometry) = (context.Input(0), context.Output(0), geometry);
        _channels = _output.Shape[3];
        _zeroPoint = TensorScale.Of(_input, context).ZeroPoint;
        int weightZeroPoint = WeightCodes.ZeroPoint(context, filter);
        _weights = context.Packed(filter, "centered", () => Array.ConvertAll(WeightCodes.Signed(context, filter), code => (short)(code - weightZeroPoint)));
        _bias = IntegerBias.Wide(context, 2, _channels);
        _requantization = Requantizations.Of(context, _input, filter, axis: 3, _output, activation);
        _sums = context.Scratch(checked(_channels * sizeof(long)));
    }

    public override string Kernel => "depthwise Int16";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<short> images = context.Read<short>(_input);
        Span<short> codes = context.Write<short>(_output);
        ReadOnlySpan<short> weights = _weights.Value;
        Span<long> sums = context.Write<long>(_sums);
        int multiplier = _channels / Math.Max(1, _geometry.Channels), at = 0;
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            ReadOnlySpan<short> image = images.Slice(item * _geometry.InputLength, _geometry.InputLength);
            for (int y = 0; y < _geometry.OutputHeight; y++)
            {
                for (int x = 0; x < _geometry.OutputWidth; x++, at += _channels)
                {
                    _bias.CopyTo(sums);
                    WideDepthwise.Pixel(image, _zeroPoint, weights, _geometry, multiplier, y, x, sums);
                    _requantization.Row<short>(sums, 0, codes[at..]);
                }
            }
        }
    }
}
