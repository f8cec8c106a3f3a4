using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>A float convolution with a constant filter, where <see cref="WinogradLayout"/> pays.</summary>
internal sealed class WinogradStep : Step
{
    private readonly WinogradLayout _layout;
    private readonly Winograd _transforms;
    private readonly FloatGemm _gemm;
    private readonly Lazy<PackedFloatWeights[]> _weights;
    private readonly AlignedBuffer _bias;
    private readonly AlignedBuffer _zeros;
    private readonly ActivationRange _range;
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _transformed;
    private readonly TensorSlot _products;
    private readonly GemmGeometry _wholeBlock;
    private readonly GemmGeometry _lastBlock;
    private readonly string _kernel;

    public WinogradStep(PrepareContext context, ConvolutionGeometry geometry, ActivationRange range)
    {
        TensorSlot filter = context.Input(1);
        _layout = new WinogradLayout(geometry, filter.Shape[0]);
        _transforms = context.Kernels.Winograd;
        _gemm = context.Kernels.FloatGemm;
        _weights = context.Packed(filter, $"{context.Kernels.Name} winograd", () => Pack(context.Constant<float>(filter)));
        _bias = AlignedBuffer.Of<float>(FloatWeights.Bias(context, 2, _layout.Outputs));
        _zeros = AlignedBuffer.Of<float>(new float[geometry.Channels]);
        _range = range;
        _input = context.Input(0);
        _output = context.Output(0);
        _transformed = context.Scratch(checked(_layout.InputLength * sizeof(float)));
        _products = context.Scratch(checked(_layout.ProductLength * sizeof(float)));
        _wholeBlock = GemmGeometry.Dense(_layout.Block, geometry.Channels, geometry.Channels);
        _lastBlock = GemmGeometry.Dense((_layout.TileCount - 1) % _layout.Block + 1, geometry.Channels, geometry.Channels);
        _kernel = $"{context.Kernels.Name} conv float, winograd";
    }

    public override string Kernel => _kernel;

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<float> images = context.Read<float>(_input);
        Span<float> outputs = context.Write<float>(_output);
        int imageLength = _layout.Geometry.InputLength, outputLength = _layout.Geometry.OutputPixels * _layout.Outputs;
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            for (int first = 0; first < _layout.TileCount; first += _layout.Block)
                RunBlock(context, images.Slice(item * imageLength, imageLength), first, outputs.Slice(item * outputLength, outputLength));
        }
    }

    private void RunBlock(in RunContext context, ReadOnlySpan<float> image, int first, Span<float> output)
    {
        GemmGeometry product = first + _layout.Block <= _layout.TileCount ? _wholeBlock : _lastBlock;
        Span<float> transformed = context.Write<float>(_transformed), products = context.Write<float>(_products);
        int count = product.Rows, inputs = count * _layout.Geometry.Channels, results = count * _layout.Outputs;
        _transforms.TransformInput(_layout, image, _zeros.As<float>(), first, count, transformed);
        for (int place = 0; place < WinogradLayout.Places; place++)
        {
            _gemm.Run(
                transformed.Slice(place * inputs, inputs), product, _weights.Value[place], products.Slice(place * results, results), _layout.Outputs,
                float.NegativeInfinity, float.PositiveInfinity);
        }

        _transforms.TransformOutput(_layout, products, _bias.As<float>(), first, count, output, _range.Minimum, _range.Maximum);
    }

    private PackedFloatWeights[] Pack(ReadOnlySpan<float> filter)
    {
        ReadOnlySpan<float> transformed = _layout.TransformFilter(filter);
        int channels = _layout.Geometry.Channels, matrix = _layout.Outputs * channels;
        var packed = new PackedFloatWeights[WinogradLayout.Places];
        for (int place = 0; place < packed.Length; place++)
            packed[place] = _gemm.Pack(transformed.Slice(place * matrix, matrix), [], _layout.Outputs, channels);
        return packed;
    }
}
