using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Elements that are moved, resized, or not there at all.</summary>
public sealed class ArrangementTests
{
    private readonly TfGraphBuilder _builder = new();

    [Fact]
    public void Nothing_is_gathered_where_no_index_is()
    {
        TfEdge rows = _builder.Node("rows", "GatherV2", [_builder.Input("x", 2, 3), _builder.Ints("none", [0]), _builder.Ints("axis", [], 0)]);
        Assert.Equal([0, 3], GraphRun.Bytes(_builder, rows, new float[6]).Shape);
    }

    [Fact]
    public void Coordinates_without_numbers_take_the_whole()
    {
        TfEdge copies = _builder.Node("copies", "GatherNd", [_builder.Input("x", 2), _builder.Ints("none", [2, 0])]);
        Assert.Equal([7, 8, 7, 8], GraphRun.Floats(_builder, copies, new float[] { 7, 8 }));
    }

    [Fact]
    public void Axes_of_a_permutation_are_counted_from_0()
    {
        TfEdge y = _builder.Node("y", "Transpose", [_builder.Input("x", 2, 3), _builder.Ints("order", [2], -1, 0)]);
        Assert.Contains("[-1,0]", Assert.Throws<ConversionException>(() => GraphRun.Operators(_builder, y)).Message);
    }

    [Fact]
    public void The_diagonal_of_a_tensor_has_half_its_dimensions()
    {
        TfEdge y = _builder.Node("y", "DiagPart", [_builder.Input("x", 2, 2, 2, 2)]);
        (int[] shape, _) = GraphRun.Bytes(_builder, y, Count(16));
        Assert.Equal([2, 2], shape);
        Assert.Equal([0, 5, 10, 15], GraphRun.Floats(_builder, y, Count(16)));
    }

    [Theory]
    [InlineData(4, new[] { 1, 4, 2, 3 })]
    [InlineData(2, new[] { 1, 2 })]
    public void Vectors_of_dimensions_are_put_into_another_order(int length, int[] expected)
    {
        TfEdge y = _builder.Node("y", "DataFormatVecPermute", [_builder.Input("x", TfDataType.Int32, length)], ("src_format", "NHWC"), ("dst_format", "NCHW"));
        Assert.Equal(expected, GraphRun.Ints(_builder, _builder.As(TfDataType.Int32, y), Enumerable.Range(1, length).ToArray()));
    }

    [Fact]
    public void Axes_are_translated_and_may_be_counted_from_behind()
    {
        TfEdge y = _builder.Node("y", "DataFormatDimMap", [_builder.Input("x", TfDataType.Int32, 5)]);
        Assert.Equal([0, 2, 3, 1, 1], GraphRun.Ints(_builder, _builder.As(TfDataType.Int32, y), new[] { 0, 1, 2, 3, -1 }));
    }

    /// <summary>By hand from the cubics: weights of -0.75 and edges repeated, or of -0.5 over what lies inside.</summary>
    [Theory]
    [InlineData(false, false, new[] { 0, 0.5f, 1, 1.09375f })]
    [InlineData(true, false, new[] { 0, 0.3148148f, 0.6851852f, 1 })]
    [InlineData(false, true, new[] { -0.0882353f, 0.2071429f, 0.7928571f, 1.0882353f })]
    public void A_cubic_runs_through_the_pixels(bool alignCorners, bool halfPixelCenters, float[] expected)
    {
        TfEdge y = _builder.Node(
            "y", "ResizeBicubic", [_builder.Input("x", 1, 1, 2, 1), _builder.Ints("size", [2], 1, 4)], ("align_corners", alignCorners), ("half_pixel_centers", halfPixelCenters));
        Assert.Equal(expected, GraphRun.Floats(_builder, y, new float[] { 0, 1 }), (a, b) => MathF.Abs(a - b) < 2e-3f);
    }

    [Fact]
    public void Pixels_share_a_new_one_by_area_in_every_channel()
    {
        TfEdge y = _builder.Node("y", "ResizeArea", [_builder.Input("x", TfDataType.UInt8, 1, 2, 3, 2), _builder.Ints("size", [2], 1, 2)]);
        Assert.Equal([14 / 3f, 17 / 3f, 19 / 3f + 1, 22 / 3f + 1], GraphRun.Floats(_builder, y, Enumerable.Range(1, 12).Select(i => (byte)i).ToArray()), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    private static float[] Count(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];
}
