using System.Runtime.InteropServices;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Folds along axes, positions of extremes, running sums: the types and attributes that the corpus does not have.</summary>
public sealed class ReductionTests
{
    private readonly TfGraphBuilder _builder = new();

    [Theory]
    [InlineData("Sum", new[] { -128, 44 })]
    [InlineData("Mean", new[] { -42, 100 })]
    [InlineData("Max", new[] { -28, 100 })]
    [InlineData("Min", new[] { -50, 100 })]
    [InlineData("Prod", new[] { -112, 64 })]
    public void Narrow_integers_wrap_and_their_mean_is_cut(string op, int[] expected)
    {
        TfEdge y = _builder.Node("y", op, [_builder.Input("x", TfDataType.Int8, 2, 3), _builder.Ints("axes", [1], -1)]);
        Assert.Equal(expected.Select(number => (sbyte)number), MemoryMarshal.Cast<byte, sbyte>(GraphRun.Bytes(_builder, y, new sbyte[] { -50, -50, -28, 100, 100, 100 }).Data).ToArray());
    }

    [Theory]
    [InlineData("Sum", 0)]
    [InlineData("Prod", 1)]
    [InlineData("Mean", float.NaN)]
    [InlineData("Max", float.NegativeInfinity)]
    [InlineData("Min", float.PositiveInfinity)]
    public void Nothing_folds_to_where_the_fold_begins(string op, float expected)
    {
        TfEdge y = _builder.Node("y", op, [_builder.Input("x", 2, 0), _builder.Ints("axes", [1], 1)]);
        Assert.Equal([expected, expected], GraphRun.Floats(_builder, y, Array.Empty<float>()));
    }

    [Theory]
    [InlineData(new[] { 0, 2 }, true, new[] { 1, 2, 1 })]
    [InlineData(new[] { -1, 0 }, false, new[] { 2 })]
    [InlineData(new[] { 0, 1, 2 }, true, new[] { 1, 1, 1 })]
    [InlineData(new[] { -3, -2, -1 }, false, new int[0])]
    [InlineData(new int[0], false, new[] { 2, 2, 2 })]
    public void Axes_may_stand_apart_and_be_counted_from_behind(int[] axes, bool keep, int[] shape)
    {
        TfEdge y = _builder.Node("y", "Sum", [_builder.Input("x", 2, 2, 2), _builder.Ints("axes", [axes.Length], axes)], ("keep_dims", keep));
        (int[] actual, byte[] data) = GraphRun.Bytes(_builder, y, new float[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        Assert.Equal(shape, actual);
        Assert.Equal(36, MemoryMarshal.Cast<byte, float>(data).ToArray().Sum());
    }

    [Fact]
    public void The_Euclidean_norm_is_the_root_of_the_squares()
    {
        TfEdge y = _builder.Node("y", "EuclideanNorm", [_builder.Input("x", 2, 2), _builder.Ints("axes", [], 1)], ("keep_dims", true));
        Assert.Equal([5, 13], GraphRun.Floats(_builder, y, new float[] { 3, -4, 5, 12 }));
    }

    [Theory]
    [InlineData("ArgMax", new[] { 2, 1, 0 })]
    [InlineData("ArgMin", new[] { 1, 0, 0 })]
    public void NaN_is_never_the_extreme(string op, int[] expected)
    {
        TfEdge y = _builder.Node("y", op, [_builder.Input("x", 3, 3), _builder.Ints("axis", [], 1)], ("output_type", TfDataType.Int32));
        Assert.Equal(expected, GraphRun.Ints(_builder, y, new float[] { float.NaN, 1, 3, -1, 2, float.NaN, float.NaN, float.NaN, float.NaN }));
    }

    [Fact]
    public void Positions_come_in_the_type_that_is_asked_for()
    {
        TfEdge y = _builder.Node("y", "ArgMax", [_builder.Input("x", TfDataType.Bool, 4), _builder.Ints("axis", [], 0)], ("output_type", TfDataType.UInt16));
        Assert.Equal([2, 0], GraphRun.Bytes(_builder, y, new[] { false, false, true, true }).Data);
    }

    [Theory]
    [InlineData("TopKV2")]
    [InlineData("TopK")]
    public void The_greatest_come_first_and_their_positions_as_is_asked(string op)
    {
        TfEdge x = _builder.Input("x", 2, 3);
        TfEdge top = op == "TopK" ? _builder.Node("top", op, [x], ("k", 2L)) : _builder.Node("top", op, [x, _builder.Ints("k", [], 2)], ("index_type", TfDataType.Int64));
        TfEdge positions = _builder.Node("y", "Cast", [new TfEdge(top.Node, 1)], ("DstT", TfDataType.Int32));
        Assert.Equal([2, 0, 0, 1], GraphRun.Ints(_builder, positions, new float[] { 5, 1, 7, 3, 3, 2 }));
    }

    [Theory]
    [InlineData(false, false, new float[] { 2, 6, 24, 120, 720 })]
    [InlineData(true, false, new float[] { 1, 2, 6, 24, 120 })]
    [InlineData(false, true, new float[] { 720, 360, 120, 30, 6 })]
    [InlineData(true, true, new float[] { 360, 120, 30, 6, 1 })]
    public void Running_products_are_exclusive_or_run_backwards(bool exclusive, bool reverse, float[] expected)
    {
        TfEdge y = _builder.Node("y", "Cumprod", [_builder.Input("x", 5), _builder.Ints("axis", [], -1)], ("exclusive", exclusive), ("reverse", reverse));
        Assert.Equal(expected, GraphRun.Floats(_builder, y, new float[] { 2, 3, 4, 5, 6 }));
    }

    [Theory]
    [InlineData(false, false, new[] { 100, -56, 44 })]
    [InlineData(true, true, new[] { -56, 100, 0 })]
    public void Running_sums_of_narrow_integers_wrap(bool exclusive, bool reverse, int[] expected)
    {
        TfEdge y = _builder.Node("y", "Cumsum", [_builder.Input("x", TfDataType.Int8, 3), _builder.Ints("axis", [], 0)], ("exclusive", exclusive), ("reverse", reverse));
        Assert.Equal(expected.Select(number => (sbyte)number), MemoryMarshal.Cast<byte, sbyte>(GraphRun.Bytes(_builder, y, new sbyte[] { 100, 100, 100 }).Data).ToArray());
    }

    [Theory]
    [InlineData("All", new byte[] { 1, 0 })]
    [InlineData("Any", new byte[] { 1, 1 })]
    public void Truths_fold(string op, byte[] expected)
    {
        TfEdge y = _builder.Node("y", op, [_builder.Input("x", TfDataType.Bool, 2, 2), _builder.Ints("axes", [1], 1)], ("keep_dims", true));
        (int[] shape, byte[] data) = GraphRun.Bytes(_builder, y, new[] { true, true, false, true });
        Assert.Equal([2, 1], shape);
        Assert.Equal(expected, data);
    }
}
