using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// Depthwise sums of 8-bit codes by the float kernel: codes less their zero points are integers of 9 bits, so that the sum of up to 256 products stays below 2^24 and every
/// intermediate value is exact, in whatever order and fused or not.
/// </summary>
internal sealed class ExactDepthwise
{
    private const int MostTaps = 256;

    private readonly Depthwise _depthwise;
    private readonly ConvolutionGeometry _geometry;
    private readonly Lazy<AlignedBuffer> _filter;
    private readonly AlignedBuffer _zeros;
    private readonly int _multiplier;

    /// <summary>The codes of the filter [height, width, channels], less <paramref name="zeroPoint"/>.</summary>
    public ExactDepthwise(PrepareContext context, TensorSlot filter, Func<sbyte[]> codes, int zeroPoint, ConvolutionGeometry geometry, int channels)
    {
        if (geometry.FilterHeight * (long)geometry.FilterWidth > MostTaps)
            throw context.Fail($"has a filter of {geometry.FilterHeight} x {geometry.FilterWidth}, for which there is no kernel");
        _depthwise = context.Kernels.Depthwise;
        _geometry = geometry;
        _multiplier = channels / Math.Max(1, geometry.Channels);
        _filter = context.Packed(filter, "exact depthwise", () => AlignedBuffer.Of<float>(Array.ConvertAll(codes(), code => (float)(code - zeroPoint))));
        _zeros = new AlignedBuffer(checked(channels * sizeof(float)));
    }

    /// <summary>The sums of one image of centered codes.</summary>
    public void Sums(ReadOnlySpan<float> centered, Span<float> sums) => Sums(centered, _geometry, sums);

    /// <summary>Those of some of its rows, of which <paramref name="rows"/> tells.</summary>
    public void Sums(ReadOnlySpan<float> centered, ConvolutionGeometry rows, Span<float> sums) =>
        _depthwise.Run(centered, rows, _multiplier, _filter.Value.As<float>(), _zeros.As<float>(), _zeros.As<float>(), sums, float.NegativeInfinity, float.PositiveInfinity);
}
