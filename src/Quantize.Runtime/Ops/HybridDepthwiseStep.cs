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
    private readonly ConvolutionGeometry _geometry;
    private readonly ActivationQuantizer _quantizer;
    private readonly ActivationRange _range;
    private readonly TensorSlot _centered;
    private readonly CodeArithmetic _arithmetic;
    private readonly ExactDepthwise _depthwise;
    private readonly float[] _scales;
    private readonly float[] _bias;
    private readonly int _channels;

    public HybridDepthwiseStep(PrepareContext context, ConvolutionGeometry geometry, ActivationRange range)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output, _geometry, _range) = (context.Input(0), context.Output(0), geometry, range);
        _channels = _output.Shape[3];
        _quantizer = context.Kernels.ActivationQuantizer;
        _arithmetic = context.Kernels.CodeArithmetic;
        _depthwise = new ExactDepthwise(context, filter, () => WeightCodes.Hybrid(context, filter), 0, geometry, _channels);
        _scales = WeightCodes.Scales(context, filter, axis: 3);
        _bias = FloatWeights.Bias(context, 2, _channels);
        _codes = context.Scratch(geometry.InputLength);
        _centered = context.Scratch(checked(geometry.InputLength * sizeof(float)));
    }

    public override string Kernel => "depthwise hybrid precise";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<float> images = context.Read<float>(_input);
        Span<float> output = context.Write<float>(_output), centered = context.Write<float>(_centered);
        int outputLength = _geometry.OutputPixels * _channels;
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            ReadOnlySpan<float> image = images.Slice(item * _geometry.InputLength, _geometry.InputLength);
            (float minimum, float maximum) = _quantizer.Range(image);
            ActivationScale scale = ActivationScale.Asymmetric(minimum, maximum);
            _quantizer.Quantize(image, scale, ActivationForm.Signed8, 0, context.Write<byte>(_codes));
            _arithmetic.Center(context.Read<sbyte>(_codes), scale.ZeroPoint, centered);
            Span<float> sums = output.Slice(item * outputLength, outputLength);
            _depthwise.Sums(centered, sums);
            for (int at = 0; at < outputLength; at += _channels)
                HybridOutput.Write<float>(sums.Slice(at, _channels), scale.Scale, _scales, _bias, _range, sums.Slice(at, _channels));
        }
    }
}
