using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Operations that move elements or make numbers, in the forms that the corpus does not have.</summary>
public sealed class ElementTests
{
    private readonly TfGraphBuilder _builder = new();

    [Theory]
    [InlineData("TensorScatterUpdate", new float[] { 1, 70, 3, 50, 5 })]
    [InlineData("TensorScatterAdd", new float[] { 1, 72, 3, 54, 5 })]
    [InlineData("TensorScatterSub", new float[] { 1, -68, 3, -46, 5 })]
    [InlineData("TensorScatterMax", new float[] { 1, 70, 3, 50, 5 })]
    [InlineData("TensorScatterMin", new float[] { 1, 2, 3, 4, 5 })]
    public void Updates_are_scattered_into_a_tensor(string op, float[] expected)
    {
        TfEdge scattered = _builder.Node("y", op, [_builder.Input("x", 5), _builder.Ints("i", [2, 1], 3, 1), _builder.Input("u", 2)]);
        Assert.Equal(expected, GraphRun.Floats(_builder, scattered, new float[] { 1, 2, 3, 4, 5 }, new float[] { 50, 70 }));
    }

    [Fact]
    public void The_largest_update_of_a_row_counts()
    {
        TfEdge scattered = _builder.Node("y", "TensorScatterMax", [_builder.Input("x", 2, 2, 2), _builder.Ints("i", [3, 2], 1, 0, 0, 1, 1, 0), _builder.Input("u", 3, 2)]);
        float[] actual = GraphRun.Floats(_builder, scattered, new float[] { 0, 0, 0, 0, 5, 0, 0, 0 }, new float[] { 1, 2, 3, -4, 2, 1 });
        Assert.Equal([0, 0, 3, 0, 5, 2, 0, 0], actual);
    }

    [Theory]
    [InlineData(new[] { 2 }, new[] { 1 }, new float[] { 2, 3, 1, 5, 6, 4 }, false)]
    [InlineData(new[] { -1 }, new[] { -1 }, new float[] { 2, 3, 1, 5, 6, 4 }, false)]
    [InlineData(new[] { 7, 1 }, new[] { 1, 0 }, new float[] { 6, 4, 5, 3, 1, 2 }, false)]
    [InlineData(new[] { 7, 1 }, new[] { 1, 0 }, new float[] { 6, 4, 5, 3, 1, 2 }, true)]
    public void Rolled_elements_come_in_at_the_other_end(int[] shifts, int[] axes, float[] expected, bool isOpen)
    {
        TfEdge x = isOpen ? _builder.Input("x", -1, -1) : _builder.Input("x", 2, 3);
        TfEdge rolled = _builder.Node("y", "Roll", [x, _builder.Ints("s", [shifts.Length], shifts), _builder.Ints("a", [axes.Length], axes)]);
        byte[] data = GraphRun.Bytes(_builder, rolled, [[2, 3]], new float[] { 1, 2, 3, 4, 5, 6 }).Data;
        Assert.Equal(expected, Enumerable.Range(0, 6).Select(i => BitConverter.ToSingle(data, i * sizeof(float))));
    }

    [Fact]
    public void Axes_that_are_no_neighbours_are_reversed_one_after_the_other()
    {
        TfEdge reversed = _builder.Node("y", "ReverseV2", [_builder.Input("x", 2, 2, 2), _builder.Ints("a", [2], 2, 0)]);
        Assert.Equal([6, 5, 8, 7, 2, 1, 4, 3], GraphRun.Floats(_builder, reversed, new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }));
        Assert.Equal("ReverseV2 ReverseV2", GraphRun.Operators(_builder, reversed));
    }

    [Theory]
    [InlineData("SegmentSum", new float[] { 4, 0, 5 })]
    [InlineData("SegmentProd", new float[] { 3, 1, 5 })]
    [InlineData("SegmentMax", new float[] { 3, 0, 5 })]
    [InlineData("SegmentMin", new float[] { 1, 0, 5 })]
    [InlineData("SegmentMean", new float[] { 2, 0, 5 })]
    public void Sorted_segments_may_have_gaps(string op, float[] expected)
    {
        TfEdge folded = _builder.Node("y", op, [_builder.Input("x", 3, 1), _builder.Ints("ids", [3], 0, 0, 2)]);
        Assert.Equal(expected, GraphRun.Floats(_builder, folded, new float[] { 1, 3, 5 }));
    }

    [Fact]
    public void Integer_matrices_are_multiplied_exactly()
    {
        TfEdge product = _builder.Node("y", "MatMul", [_builder.Input("a", TfDataType.Int32, 3, 2), _builder.Input("b", TfDataType.Int32, 2, 3)], ("transpose_a", true), ("transpose_b", true), ("T", TfDataType.Int32));
        int[] actual = GraphRun.Ints(_builder, product, new[] { 1, 2, 3, 4, 5, 1 << 29 }, new[] { 1, 0, 2, 0, 1, 4 });
        Assert.Equal([11, 23, 2 + (1 << 30), unchecked(4 + 4 * (1 << 29))], actual);
    }

    [Fact]
    public void Offsets_of_joined_tensors_add_up_along_the_axis()
    {
        TfEdge[] shapes = [_builder.Ints("a", [2], 2, 3), _builder.Ints("b", [2], 2, 5), _builder.Ints("c", [2], 2, 1)];
        TfEdge offsets = _builder.Node("offsets", "ConcatOffset", [_builder.Ints("axis", [], 1), .. shapes]);
        TfEdge third = _builder.Node("y", "Identity", [new TfEdge(offsets.Node, 2)]);
        _builder.Input("unused", 1);
        Assert.Equal([0, 8], GraphRun.Ints(_builder, third, new float[1]));
    }

    [Fact]
    public void A_permutation_is_inverted()
    {
        TfEdge inverse = _builder.Node("y", "InvertPermutation", [_builder.Input("x", TfDataType.Int32, 4)]);
        Assert.Equal([1, 3, 0, 2], GraphRun.Ints(_builder, inverse, new[] { 2, 0, 3, 1 }));
    }

    [Fact]
    public void Numbers_lie_at_equal_distances()
    {
        TfEdge numbers = _builder.Node("y", "LinSpace", [_builder.Input("from", []), _builder.Floats("to", [], 4), _builder.Ints("count", [], 4)]);
        Assert.Equal([1, 2, 3, 4], GraphRun.Floats(_builder, numbers, new float[] { 1 }));
    }

    [Fact]
    public void Long_integers_are_split_by_sizes()
    {
        TfEdge x = _builder.Input("x", TfDataType.Int64, 4);
        TfEdge split = _builder.Node("split", "Split", [_builder.Ints("axis", [], 0), x], ("num_split", 2L));
        TfEdge y = _builder.Node("y", "Identity", [new TfEdge(split.Node, 1)]);
        Assert.Equal("SplitV", GraphRun.Operators(_builder, y));
        Assert.Equal([3, 0, 4, 0], GraphRun.Ints(_builder, y, new long[] { 1, 2, 3, 4 }));
    }

    [Fact]
    public void Blocks_are_dealt_out_whatever_stands_behind_them()
    {
        TfEdge dealt = _builder.Node("y", "SpaceToBatchND", [_builder.Input("x", 1, 4, 1, 1, 2), _builder.Ints("block", [1], 2), _builder.Ints("edges", [1, 2], 0, 0)]);
        (int[] shape, byte[] data) = GraphRun.Bytes(_builder, dealt, new float[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        Assert.Equal([2, 2, 1, 1, 2], shape);
        Assert.Equal([1, 2, 5, 6, 3, 4, 7, 8], Enumerable.Range(0, 8).Select(i => BitConverter.ToSingle(data, i * sizeof(float))));
    }

    [Fact]
    public void An_axis_may_be_computed_from_constants()
    {
        TfEdge axis = _builder.Node("axis", "SelectV2", [_builder.Node("less", "Less", [_builder.Ints("a", [], 1), _builder.Ints("b", [], 2)]), _builder.Ints("one", [], 1), _builder.Ints("zero", [], 0)]);
        TfEdge joined = _builder.Node("y", "ConcatV2", [_builder.Input("x", 2, 1), _builder.Input("z", 2, 1), axis]);
        Assert.Equal([1, 3, 2, 4], GraphRun.Floats(_builder, joined, new float[] { 1, 2 }, new float[] { 3, 4 }));
        Assert.Equal("Concatenation", GraphRun.Operators(_builder, joined));
    }

    [Fact]
    public void A_constant_may_be_an_output()
    {
        TfEdge x = _builder.Input("x", 2, 3);
        TfEdge shape = _builder.Node("y", "Shape", [x]);
        Assert.Equal([2, 3], GraphRun.Ints(_builder, shape, new float[6]));
        Assert.Equal("", GraphRun.Operators(_builder, shape));
    }
}
