using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops;

/// <summary>DEPTHWISE_CONV_2D as Google's kernels do it with 8-bit weights: each batch item's activations in 8 asymmetric bits. Slower and coarser than expanded weights.</summary>
internal sealed class HybridDepthwiseStep : Step
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _codes;
    private readonly TensorSlot _sums;
    private readonly ConvolutionGeometry _geometry;
    private readonly ActivationQuantizer _quantizer;
    private readonly ActivationRange _range;
    private readonly Lazy<short[]> _weights;
    private readonly float[] _scales;
    private readonly float[] _bias;
    private readonly int _channels;

    public HybridDepthwiseStep(PrepareContext context, ConvolutionGeometry geometry, ActivationRange range)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output, _geometry, _range) = (context.Input(0), context.Output(0), geometry, range);
        _channels = _output.Shape[3];
        _quantizer = context.Kernels.ActivationQuantizer;
        _weights = context.Packed(filter, "16 bits", () => Array.ConvertAll(WeightCodes.Hybrid(context, filter), code => (short)code));
        _scales = WeightCodes.Scales(context, filter, axis: 3);
        _bias = FloatWeights.Bias(context, 2, _channels);
        _codes = context.Scratch(geometry.InputLength);
        _sums = context.Scratch(checked(_channels * sizeof(long)));
    }

    public override string Kernel => "depthwise hybrid precise";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<float> images = context.Read<float>(_input);
        Span<float> output = context.Write<float>(_output);
        Span<long> sums = context.Write<long>(_sums);
        int multiplier = _channels / Math.Max(1, _geometry.Channels), at = 0;
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            ReadOnlySpan<float> image = images.Slice(item * _geometry.InputLength, _geometry.InputLength);
            (float minimum, float maximum) = _quantizer.Range(image);
            ActivationScale scale = ActivationScale.Asymmetric(minimum, maximum);
            _quantizer.Quantize(image, scale, ActivationForm.Signed8, 0, context.Write<byte>(_codes));
            ReadOnlySpan<sbyte> codes = context.Read<sbyte>(_codes);
            for (int y = 0; y < _geometry.OutputHeight; y++)
            {
                for (int x = 0; x < _geometry.OutputWidth; x++, at += _channels)
                {
                    sums.Clear();
                    IntegerDepthwise.Pixel(codes, scale.ZeroPoint, _weights.Value, _geometry, multiplier, y, x, sums);
                    HybridOutput.Write(sums, scale.Scale, _scales, _bias, _range, output.Slice(at, _channels));
                }
            }
        }
    }
}
