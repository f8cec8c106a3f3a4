using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>A float convolution with a constant filter, where <see cref="WinogradLayout"/> pays. A part is a run of tiles, which may begin and end within an image.</summary>
internal sealed class WinogradStep : ParallelStep
{
    /// <summary>Fewer tiles would fetch the filter too often.</summary>
    private const int FewestTiles = 4 * Tiling.Rows;

    private readonly WinogradLayout _layout;
    private readonly Winograd _transforms;
    private readonly FloatGemm _gemm;
    private readonly Lazy<PackedFloatWeights[]> _weights;
    private readonly AlignedBuffer _bias;
    private readonly AlignedBuffer _zeros;
    private readonly ActivationRange _range;
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly MemberScratch _transformed;
    private readonly MemberScratch _products;
    private readonly GemmGeometry _block;
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
        _transformed = new MemberScratch(context, checked(_layout.InputLength * sizeof(float)), context.Threads);
        _products = new MemberScratch(context, checked(_layout.ProductLength * sizeof(float)), context.Threads);
        _block = GemmGeometry.Dense(_layout.Block, geometry.Channels, geometry.Channels);
        _kernel = $"{context.Kernels.Name} conv float, winograd";
    }

    public override string Kernel => _kernel;

    protected override int Phases => 1;

    private int Tiles => _input.Shape[0] * _layout.TileCount;

    public override void RunPart(in RunContext context, in Part part)
    {
        (int first, int count) = part.Share(Tiles);
        for (int done = 0, run; done < count; done += run)
        {
            (int item, int tile) = Math.DivRem(first + done, _layout.TileCount);
            run = Math.Min(count - done, _layout.TileCount - tile);
            RunTiles(context, item, tile, run, part.Member);
        }
    }

    protected override int Parts(int phase, int members) =>
        Cutting.Parts((long)Tiles * WinogradLayout.Places * _layout.Geometry.Channels * _layout.Outputs, Tiles / FewestTiles, members);

    /// <summary>Some tiles of one image, in blocks of about the same size.</summary>
    private void RunTiles(in RunContext context, int item, int first, int count, int member)
    {
        int imageLength = _layout.Geometry.InputLength, outputLength = _layout.Geometry.OutputPixels * _layout.Outputs;
        ReadOnlySpan<float> image = context.Read<float>(_input).Slice(item * imageLength, imageLength);
        Span<float> output = context.Write<float>(_output).Slice(item * outputLength, outputLength);
        int blocks = (count + _layout.Block - 1) / _layout.Block, size = (count + blocks - 1) / blocks;
        for (int done = 0; done < count; done += size)
            RunBlock(context, image, first + done, Math.Min(size, count - done), output, member);
    }

    private void RunBlock(in RunContext context, ReadOnlySpan<float> image, int first, int count, Span<float> output, int member)
    {
        Span<float> transformed = _transformed.Of<float>(context, member), products = _products.Of<float>(context, member);
        int inputs = WinogradLayout.PlaceStride(count, _layout.Geometry.Channels), results = WinogradLayout.PlaceStride(count, _layout.Outputs);
        _transforms.TransformInput(_layout, image, _zeros.As<float>(), first, count, transformed);
        for (int place = 0; place < WinogradLayout.Places; place++)
        {
            _gemm.Run(
                transformed.Slice(place * inputs, _block.Extent), _block, new GemmPart(count, _layout.Outputs), _weights.Value[place], products.Slice(place * results, results), _layout.Outputs,
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
