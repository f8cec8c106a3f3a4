using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>DEPTHWISE_CONV_2D on codes.</summary>
internal sealed class IntegerDepthwiseStep<T> : Step
    where T : unmanaged, IBinaryInteger<T>
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
    private readonly bool _wide;

    public IntegerDepthwiseStep(PrepareContext context, ConvolutionGeometry geometry, ActivationFunction activation)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output, _geometry) = (context.Input(0), context.Output(0), geometry);
        _channels = _output.Shape[3];
        _wide = _input.Type == TensorType.Int16;
        _zeroPoint = TensorScale.Of(_input, context).ZeroPoint;
        int weightZeroPoint = WeightCodes.ZeroPoint(context, filter);
        _weights = context.Packed(filter, "centered", () => Array.ConvertAll(WeightCodes.Signed(context, filter), code => (short)(code - weightZeroPoint)));
        _bias = _wide ? IntegerBias.Wide(context, 2, _channels) : IntegerBias.Narrow(context, 2, _channels) is { Length: > 0 } bias ? Array.ConvertAll(bias, value => (long)value) : new long[_channels];
        _requantization = Requantizations.Of(context, _input, filter, axis: 3, _output, activation, _input.Type == TensorType.UInt8, filter.Type == TensorType.Int4 ? FixedPointRounding.Twice : FixedPointRounding.TwiceUp);
        _sums = context.Scratch(checked(_channels * sizeof(long)));
    }

    public override string Kernel => $"depthwise {_input.Type}";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> images = context.Read<T>(_input);
        Span<T> codes = context.Write<T>(_output);
        ReadOnlySpan<short> weights = _weights.Value;
        Span<long> sums = context.Write<long>(_sums);
        int multiplier = _channels / Math.Max(1, _geometry.Channels), at = 0;
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            ReadOnlySpan<T> image = images.Slice(item * _geometry.InputLength, _geometry.InputLength);
            for (int y = 0; y < _geometry.OutputHeight; y++)
            {
                for (int x = 0; x < _geometry.OutputWidth; x++, at += _channels)
                {
                    _bias.CopyTo(sums);
                    IntegerDepthwise.Pixel(image, _zeroPoint, weights, _geometry, multiplier, y, x, sums);
                    if (_wide)
                        _requantization.Row(sums, 0, codes[at..]);
                    else
                        _requantization.LowRow(sums, 0, codes[at..]);
                }
            }
        }
    }
}
