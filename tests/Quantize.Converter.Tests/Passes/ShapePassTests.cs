using Quantize.Converter.Graphs;
using Quantize.Converter.Passes;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Tests.Passes;

public sealed class ShapePassTests
{
    private static readonly Dimension s_batch = Dimension.Symbol("batch");

    [Fact]
    public void A_reshape_to_a_computed_shape_gets_a_constant_one_and_the_arithmetic_dies()
    {
        var builder = new GraphBuilder();
        Value image = builder.Input("image", s_batch, 28, 28);
        Value shape = builder.Node("shape", BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, image);
        Value first = builder.Node("first", BuiltinOperator.StridedSlice, new StridedSliceOptions { ShrinkAxisMask = 1 }, shape, ConstantData.Of("0", 0), ConstantData.Of("1", 1), ConstantData.Of("1", 1));
        Value packed = builder.Node("packed", BuiltinOperator.Pack, new PackOptions { ValuesCount = 2 }, first, ConstantData.Scalar("m1", -1));
        Value rows = builder.Node("rows", BuiltinOperator.Reshape, image, packed);
        Graph graph = builder.Build(rows);

        Assert.True(ShapeFolding.Run(graph));
        Assert.Equal(
            """
            input image: Float32[batch,28,28]
            rows: Float32[batch,784] = Reshape(image, <-1 784>)
            output rows
            """, GraphBuilder.After(DeadNodes.Run, graph));
        Assert.False(ShapeFolding.Run(graph));
    }

    [Fact]
    public void A_reshape_with_two_open_dimensions_keeps_its_computed_shape()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", s_batch, Dimension.Symbol("x_1"), 4, 2);
        Value shape = builder.Node("shape", BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, x);
        Value head = builder.Node("head", BuiltinOperator.StridedSlice, new StridedSliceOptions(), shape, ConstantData.Of("b", 0), ConstantData.Of("e", 2), ConstantData.Of("s", 1));
        Value wanted = builder.Node("wanted", BuiltinOperator.Concatenation, new ConcatenationOptions(), head, ConstantData.Of("8", 8));
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Reshape, x, wanted));
        Assert.False(ShapeFolding.Run(graph));
    }

    [Fact]
    public void The_shape_of_a_static_tensor_is_a_constant()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", 2, 3);
        Value shape = builder.Node("shape", BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, x);
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Add, new AddOptions(), shape, builder.Input("z", TensorType.Int32, 2)));
        Assert.Contains("y: Int32[2] = Add(<2 3>, z)", GraphBuilder.After(ShapeFolding.Run, graph));
    }

    [Fact]
    public void A_reshape_to_a_scalar_becomes_a_squeeze()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", 1, 1);
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Reshape, x, ConstantData.Of("scalar")));
        Assert.Contains("y: Float32[] = Squeeze(x)", GraphBuilder.After(ShapeFolding.Run, graph));
    }

    [Fact]
    public void Operators_that_change_nothing_are_taken_out()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", s_batch, 4);
        Value relu = builder.Node("relu", BuiltinOperator.Relu, x);
        Value same = builder.Node("same", BuiltinOperator.Reshape, relu, ConstantData.Of("shape", -1, 4));
        Value turned = builder.Node("turned", BuiltinOperator.Transpose, same, ConstantData.Of("permutation", 0, 1));
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Tanh, turned));
        Assert.Equal(
            """
            input x: Float32[batch,4]
            relu: Float32[batch,4] = Relu(x)
            y: Float32[batch,4] = Tanh(relu)
            output y
            """, GraphBuilder.After(IdentityRemoval.Run, graph));
    }

    [Fact]
    public void An_output_that_is_the_input_keeps_its_own_tensor()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", s_batch, 4);
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Reshape, x, ConstantData.Of("shape", -1, 4)));
        Assert.False(IdentityRemoval.Run(graph));
    }

    [Fact]
    public void The_name_of_an_output_outlives_the_identity_that_had_it()
    {
        var builder = new GraphBuilder();
        Value relu = builder.Node("relu", BuiltinOperator.Relu, builder.Input("x", s_batch, 4));
        Graph graph = builder.Build(builder.Node("result:0", BuiltinOperator.Reshape, relu, ConstantData.Of("shape", -1, 4)));
        Assert.EndsWith("output result:0", GraphBuilder.After(IdentityRemoval.Run, graph));
    }

    [Fact]
    public void Of_two_reshapes_the_second_does_it_alone()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", s_batch, 2, 6);
        Value a = builder.Node("a", BuiltinOperator.Reshape, x, ConstantData.Of("shape", -1, 12));
        Value b = builder.Node("b", BuiltinOperator.ExpandDims, a, ConstantData.Scalar("axis", 1));
        Graph graph = builder.Build(builder.Node("c", BuiltinOperator.Reshape, b, ConstantData.Of("shape", -1, 3, 4)));
        ReshapeMerging.Run(graph);
        ReshapeMerging.Run(graph);
        Assert.Equal(
            """
            input x: Float32[batch,2,6]
            c: Float32[batch,3,4] = Reshape(x, <-1 3 4>)
            output c
            """, GraphBuilder.After(DeadNodes.Run, graph));
    }
}
