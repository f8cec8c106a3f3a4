using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Diagonals of matrices: the examples of TensorFlow's own documentation.</summary>
public sealed class MatrixTests
{
    private static readonly float[] s_matrices = [1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3, 2, 1, 2, 3, 4, 5, 6, 7, 8];

    private readonly TfGraphBuilder _builder = new();

    [Theory]
    [InlineData(new[] { 1 }, "RIGHT_LEFT", 0, new float[] { 2, 7, 6, 4, 3, 8 })]
    [InlineData(new[] { -1, 2 }, "RIGHT_LEFT", 0, new float[] { 0, 3, 8, 2, 7, 6, 1, 6, 7, 5, 8, 0, 0, 3, 4, 4, 3, 8, 5, 2, 7, 1, 6, 0 })]
    [InlineData(new[] { -1, 2 }, "LEFT_RIGHT", 0, new float[] { 3, 8, 0, 2, 7, 6, 1, 6, 7, 0, 5, 8, 3, 4, 0, 4, 3, 8, 5, 2, 7, 0, 1, 6 })]
    [InlineData(new[] { 1, 3 }, "RIGHT_LEFT", 9, new float[] { 9, 9, 4, 9, 3, 8, 2, 7, 6, 9, 9, 2, 9, 3, 4, 4, 3, 8 })]
    public void Bands_are_taken_out(int[] k, string align, int padding, float[] expected)
    {
        TfEdge part = _builder.Node("part", "MatrixDiagPartV3", [_builder.Input("x", 2, 3, 4), Diagonals(k), _builder.Floats("padding", [], padding)], ("align", align));
        Assert.Equal(expected, GraphRun.Floats(_builder, part, s_matrices));
    }

    [Theory]
    [InlineData("RIGHT_LEFT", new float[] { 0, 8, 9, 1, 2, 3, 4, 5, 0 })]
    [InlineData("LEFT_RIGHT", new float[] { 8, 9, 0, 1, 2, 3, 0, 4, 5 })]
    public void Bands_become_matrices(string align, float[] diagonals)
    {
        TfEdge matrix = Matrix("MatrixDiagV3", [1, 3, 3], [-1, 1], -1, -1, 0, ("align", align));
        Assert.Equal([1, 8, 0, 4, 2, 9, 0, 5, 3], GraphRun.Floats(_builder, matrix, diagonals));
    }

    [Fact]
    public void A_diagonal_may_lie_beside_the_main_one_in_a_rectangle()
    {
        TfEdge matrix = Matrix("MatrixDiagV2", [2], [-1], 3, 4, 9);
        Assert.Equal([9, 9, 9, 9, 1, 9, 9, 9, 9, 2, 9, 9], GraphRun.Floats(_builder, matrix, new float[] { 1, 2 }));
    }

    [Fact]
    public void The_main_diagonal_is_a_builtin()
    {
        TfEdge matrix = Matrix("MatrixDiagV3", [-1, 3], [0], -1, -1, 0);
        Assert.Equal("MatrixDiag", GraphRun.Operators(_builder, matrix));
    }

    [Fact]
    public void A_band_is_set()
    {
        float[] diagonals = [0, 9, 1, 6, 5, 8, 1, 2, 3, 4, 5, 0, 0, 1, 2, 5, 6, 4, 6, 1, 2, 3, 4, 0];
        float[] sevens = [.. Enumerable.Repeat(7f, 24)];
        TfEdge set = _builder.Node("set", "MatrixSetDiagV3", [_builder.Input("x", 2, 3, 4), _builder.Input("d", 2, 4, 3), Diagonals([-1, 2])]);
        Assert.Equal([1, 6, 9, 7, 4, 2, 5, 1, 7, 5, 3, 8, 6, 5, 1, 7, 3, 1, 6, 2, 7, 4, 2, 4], GraphRun.Floats(_builder, set, sevens, diagonals));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    [InlineData(2, 0)]
    public void What_lies_outside_a_band_becomes_zero_whatever_it_was(int below, int above)
    {
        foreach (long rows in (long[])[3, -1])
        {
            var builder = new TfGraphBuilder();
            TfEdge band = builder.Node("band", "MatrixBandPart", [builder.Input("x", rows, rows < 0 ? -1 : 4), builder.Ints("l", [], below), builder.Ints("u", [], above)]);
            float[] matrix = [.. Enumerable.Repeat(float.NaN, 12)];
            byte[] data = GraphRun.Bytes(builder, band, [[3, 4]], matrix).Data;
            for (int at = 0; at < 12; at++)
            {
                bool inside = (below < 0 || at / 4 - at % 4 <= below) && (above < 0 || at % 4 - at / 4 <= above);
                Assert.Equal(inside ? float.NaN : 0, BitConverter.ToSingle(data, at * sizeof(float)));
            }
        }
    }

    [Fact]
    public void A_tensor_on_the_diagonal_has_twice_the_rank()
    {
        (int[] shape, byte[] data) = GraphRun.Bytes(_builder, _builder.Node("diag", "Diag", [_builder.Input("x", 2, 2)]), new float[] { 1, 2, 3, 4 });
        Assert.Equal([2, 2, 2, 2], shape);
        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 4).Select(i => BitConverter.ToSingle(data, i * 5 * sizeof(float))));
    }

    private TfEdge Matrix(string op, long[] shape, int[] k, int rows, int columns, float padding, params (string, object)[] attributes) =>
        _builder.Node("matrix", op, [_builder.Input("x", shape), Diagonals(k), _builder.Ints("rows", [], rows), _builder.Ints("columns", [], columns), _builder.Floats("padding", [], padding)], attributes);

    private TfEdge Diagonals(int[] k) => _builder.Ints("k", k.Length == 1 ? [] : [k.Length], k);
}
