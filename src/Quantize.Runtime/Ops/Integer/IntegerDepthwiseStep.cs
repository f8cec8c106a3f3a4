using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>DEPTHWISE_CONV_2D on 8-bit codes.</summary>
internal sealed class IntegerDepthwiseStep<T> : Step
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _centered;
    private readonly TensorSlot _sums;
    private readonly ConvolutionGeometry _geometry;
    private readonly ExactDepthwise _depthwise;
    private readonly int[] _bias;
    private readonly Requantization _requantization;
    private readonly int _zeroPoint;

    public IntegerDepthwiseStep(PrepareContext context, ConvolutionGeometry geometry, ActivationFunction activation)
    {
        TensorSlot filter = context.Input(1);
        (_input, _output, _geometry) = (context.Input(0), context.Output(0), geometry);
        int channels = _output.Shape[3];
        _zeroPoint = TensorScale.Of(_input, context).ZeroPoint;
        _depthwise = new ExactDepthwise(context, filter, () => WeightCodes.Signed(context, filter), WeightCodes.ZeroPoint(context, filter), geometry, channels);
        _bias = IntegerBias.Narrow(context, 2, channels) is { Length: > 0 } bias ? bias : new int[channels];
        FixedPointRounding rounding = filter.Type == TensorType.Int4 ? FixedPointRounding.Twice : FixedPointRounding.TwiceUp;
        _requantization = Requantizations.Of(context, _input, filter, axis: 3, _output, activation, _input.Type == TensorType.UInt8, rounding);
        _centered = context.Scratch(checked(geometry.InputLength * sizeof(float)));
        _sums = context.Scratch(checked(geometry.OutputPixels * channels * sizeof(float)));
        Kernel = $"{context.Kernels.Name} depthwise {_input.Type}";
    }

    public override string Kernel { get; }

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> images = context.Read<T>(_input);
        Span<T> codes = context.Write<T>(_output);
        Span<float> centered = context.Write<float>(_centered), sums = context.Write<float>(_sums);
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            CenteredCodes.Store(images.Slice(item * _geometry.InputLength, _geometry.InputLength), _zeroPoint, centered);
            _depthwise.Sums(centered, sums);
            _requantization.Exact(sums, _bias, codes.Slice(item * sums.Length, sums.Length));
        }
    }
}
