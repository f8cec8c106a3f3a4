using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Inputs that do not say their shape: what is given, what their readers tell, and what stays open.</summary>
public sealed class InputShapeTests
{
    private static readonly (string, object)[] s_plain = [("strides", new long[] { 1, 1, 1, 1 }), ("padding", "SAME")];

    private readonly TfGraphBuilder _builder = new();

    private TfEdge Open(string name) => _builder.Input(name, TfDataType.Float32, TfShape.Unknown);

    [Fact]
    public void A_convolution_tells_four_dimensions_and_the_channels()
    {
        TfEdge scaled = _builder.Node("scaled", "Mul", [_builder.Node("moved", "Sub", [Open("x"), _builder.Floats("mean", [3], 1, 2, 3)]), _builder.Floats("scale", [], 2)]);
        Assert.Equal("[batch,x_1,x_2,3]", Shape(_builder.Node("y", "Conv2D", [scaled, _builder.Floats("w", [1, 1, 3, 1], 1, 2, 3)], s_plain)));
    }

    [Theory]
    [InlineData(false, "[batch,2]")]
    [InlineData(true, "[batch,3]")]
    public void A_matrix_tells_how_many_columns_meet_it(bool transposed, string expected) =>
        Assert.Equal(expected, Shape(_builder.Node("y", "MatMul", [Open("x"), _builder.Floats("w", [2, 3], 1, 2, 3, 4, 5, 6)], ("transpose_b", transposed))));

    [Fact]
    public void A_transposition_tells_how_many_dimensions_it_moves() =>
        Assert.Equal("[batch,x_1,x_2]", Shape(_builder.Node("y", "Transpose", [Open("x"), _builder.Ints("order", [3], 2, 0, 1)])));

    [Fact]
    public void What_is_given_counts_more_than_what_the_readers_tell()
    {
        TfEdge y = _builder.Node("y", "MatMul", [Open("x"), _builder.Floats("w", [2, 3], 1, 2, 3, 4, 5, 6)]);
        Assert.Equal("[5,2]", Shape(y, "x:5,2"));
        Assert.Equal("[batch,2]", Shape(y, "x:?, 2"));
    }

    [Fact]
    public void Given_shapes_that_do_not_fit_are_told_all_at_once()
    {
        TfEdge sum = _builder.Node("y", "AddV2", [_builder.Input("a", -1, 4), _builder.Input("b", 4)]);
        ConversionException wrong = Assert.Throws<ConversionException>(() => Shape(sum, "a:3,5", "c:1", "b", "b:four", "a:2,4"));
        Assert.Equal(
            [
                "InputShapes 'a:3,5': the model declares [?,4] there; only open dimensions can be given a length",
                "InputShapes 'c:1': the model has no such input; it has 'a', 'b'",
                "InputShapes 'b': this is no shape of an input; write it as name:1,224,224,3, with ? for an open dimension",
                "InputShapes 'b:four': this is no shape of an input; write it as name:1,224,224,3, with ? for an open dimension",
            ], wrong.Diagnostics.Select(diagnostic => diagnostic.Message));
    }

    [Fact]
    public void A_node_that_must_know_the_dimensions_is_named_with_what_to_do()
    {
        TfEdge product = _builder.Node("product", "BatchMatMulV2", [_builder.Node("y", "Relu", [Open("x")]), Open("z")]);
        ConversionException wrong = Assert.Throws<ConversionException>(() => Shape(product));
        Assert.All(wrong.Diagnostics, diagnostic => Assert.Equal("QNT1032", diagnostic.Entry.Id));
        Assert.Equal(
            [
                "The input 'x' does not say how many dimensions it has, which the node 'product' must know; set InputShapes (as 'x:1,224,224,3', with ? for an open dimension), or export the model with a shape",
                "The input 'z' does not say how many dimensions it has, which the node 'product' must know; set InputShapes (as 'z:1,224,224,3', with ? for an open dimension), or export the model with a shape",
            ], wrong.Diagnostics.Select(diagnostic => diagnostic.Message));
    }

    /// <summary>Sums and products do not ask.</summary>
    [Theory]
    [InlineData()]
    [InlineData(3)]
    [InlineData(2, 3)]
    public void What_needs_no_dimensions_takes_any(params int[] shape)
    {
        TfEdge y = _builder.Node("y", "AddV2", [_builder.Node("half", "Mul", [Open("x"), _builder.Floats("factor", [], 0.5f)]), _builder.Floats("shift", [], 3)]);
        float[] x = [.. Enumerable.Range(0, shape.Aggregate(1, (product, length) => product * length)).Select(i => (float)i)];
        (int[] resultShape, byte[] result) = GraphRun.Bytes(_builder, y, [shape], x);
        Assert.Equal(shape, resultShape);
        Assert.Equal(x.Select(number => number / 2 + 3), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(result).ToArray());
    }

    [Fact]
    public void An_input_of_any_shape_may_be_an_output_too()
    {
        TfEdge y = _builder.Node("y", "Identity", [Open("x")]);
        (int[] shape, byte[] result) = GraphRun.Bytes(_builder, y, [[1, 2]], new float[] { 3, 4 });
        Assert.Equal([1, 2], shape);
        Assert.Equal(8, result.Length);
    }

    [Fact]
    public void A_class_takes_a_row_of_items_where_any_shape_will_do()
    {
        Module module = ModuleImporter.Import(_builder.Build(_builder.Node("y", "Relu", [Open("x")])), "file", [], null, signatureOnly: true);
        Assert.Equal(["batch"], SignatureEmitter.Describe(module, new ConversionRequest { ModelPath = "file" }).Methods.Single().Inputs.Single().Shape);
    }

    [Fact]
    public void A_scalar_stays_one()
    {
        TfEdge y = _builder.Node("y", "Relu", [_builder.Input("x")]);
        Assert.Throws<ArgumentException>(() => GraphRun.Bytes(_builder, y, [[2]], new float[2]));
    }

    private string Shape(TfEdge output, params string[] given) =>
        ModuleImporter.Import(_builder.Build(output), "file", given, null, signatureOnly: false).Graphs[0].Inputs[0].Shape.ToString();
}
