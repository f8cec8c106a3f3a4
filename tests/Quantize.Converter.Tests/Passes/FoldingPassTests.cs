using Quantize.Converter.Graphs;
using Quantize.Converter.Passes;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Tests.Passes;

public sealed class FoldingPassTests
{
    private static readonly Dimension s_batch = Dimension.Symbol("batch");

    [Fact]
    public void Operators_on_constants_become_constants()
    {
        var builder = new GraphBuilder();
        Value sum = builder.Node("sum", BuiltinOperator.Add, new AddOptions(), Floats("a", 1, 2), Floats("b", 10, 20));
        Value root = builder.Node("root", BuiltinOperator.Sqrt, Floats("c", 4, 9));
        Value both = builder.Node("both", BuiltinOperator.Mul, new MulOptions(), sum, root);
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Add, new AddOptions(), builder.Input("x", s_batch, 2), both));
        Assert.Equal(
            """
            input x: Float32[batch,2]
            y: Float32[batch,2] = Add(x, <22 66>)
            output y
            """, GraphBuilder.After(ConstantFolding.Run, graph));
    }

    [Theory]
    [InlineData(nameof(BuiltinOperator.Add), 0)]
    [InlineData(nameof(BuiltinOperator.Sub), 0)]
    [InlineData(nameof(BuiltinOperator.Mul), 1)]
    [InlineData(nameof(BuiltinOperator.Div), 1)]
    public void A_neutral_operand_goes_where_the_shape_stays(string name, float neutral)
    {
        BuiltinOperator code = Enum.Parse<BuiltinOperator>(name);
        var builder = new GraphBuilder();
        Value root = builder.Node("root", BuiltinOperator.Sqrt, builder.Input("x", s_batch, 2));
        Value same = builder.Node("same", code, root, Floats("n", neutral, neutral));
        Value wider = builder.Node("wider", code, same, ConstantData.Of("m", [3, 1, 1], [neutral, neutral, neutral]));
        Assert.Equal(
            $"""
            input x: Float32[batch,2]
            root: Float32[batch,2] = Sqrt(x)
            wider: Float32[3,batch,2] = {code}(root, <{neutral} {neutral} {neutral}>)
            output wider
            """, GraphBuilder.After(IdentityRemoval.Run, builder.Build(wider)));
    }

    [Theory]
    [InlineData(true, "Sqrt")]
    [InlineData(false, "Abs")]
    public void A_choice_that_is_settled_is_the_operand(bool condition, string chosen)
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", s_batch, 2), mask = Value.Constant("mask", TensorType.Bool, [], new[] { condition ? (byte)1 : (byte)0 });
        Value choice = builder.Node("y", BuiltinOperator.SelectV2, mask, builder.Node("a", BuiltinOperator.Sqrt, x), builder.Node("b", BuiltinOperator.Abs, x));
        Assert.Contains($"y: Float32[batch,2] = {chosen}(x)", GraphBuilder.After(IdentityRemoval.Run, builder.Build(choice)));
    }

    [Fact]
    public void A_bounded_number_times_zero_is_zero()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", 1, 2);
        Value gate = builder.Node("gate", BuiltinOperator.Mul, builder.Node("sigmoid", BuiltinOperator.Logistic, x), Floats("state", 0, 0));
        Value free = builder.Node("free", BuiltinOperator.Mul, x, Floats("zeros", 0, 0));
        string text = GraphBuilder.After(ZeroProducts.Run, builder.Build(builder.Node("y", BuiltinOperator.Add, gate, free)));
        Assert.Contains("Add(<0 0>, free)", text);
    }

    [Fact]
    public void A_multiplication_behind_a_convolution_goes_into_its_filter_and_bias()
    {
        var builder = new GraphBuilder();
        Value conv = builder.Node("conv", BuiltinOperator.Conv2D, new Conv2DOptions { StrideH = 1, StrideW = 1 }, builder.Input("x", s_batch, 2, 2, 1), Filter(), Floats("bias", 1, 2));
        Value scaled = builder.Node("scaled", BuiltinOperator.Mul, new MulOptions { Activation = ActivationFunction.Relu }, Floats("factors", 3, 5), conv);
        Assert.Equal(
            """
            input x: Float32[batch,2,2,1]
            scaled: Float32[batch,2,2,2] = Conv2D(x, <3 -5>, <3 10>) {1=1 2=1 3=Relu}
            output scaled
            """, GraphBuilder.After(BatchNormFolding.Run, builder.Build(scaled)));
    }

    [Fact]
    public void A_division_behind_a_depthwise_convolution_goes_into_its_filter()
    {
        var builder = new GraphBuilder();
        Value filter = ConstantData.Of("filter", [1, 1, 1, 2], [6f, 10f]);
        Value depthwise = builder.Node("dw", BuiltinOperator.DepthwiseConv2D, new DepthwiseConv2DOptions { StrideH = 1, StrideW = 1, DepthMultiplier = 1 }, builder.Input("x", s_batch, 2, 2, 2), filter);
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Div, new DivOptions(), depthwise, Floats("divisors", 2, 5)));
        Assert.Contains("DepthwiseConv2D(x, <3 2>, -)", GraphBuilder.After(BatchNormFolding.Run, graph));
    }

    [Fact]
    public void A_division_of_a_constant_by_the_result_stays()
    {
        var builder = new GraphBuilder();
        Value dense = builder.Node("dense", BuiltinOperator.FullyConnected, builder.Input("x", s_batch, 1), ConstantData.Of("w", [2, 1], [1f, 2f]), null);
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Div, new DivOptions(), Floats("numerators", 2, 5), dense));
        Assert.False(BatchNormFolding.Run(graph));
    }

    [Fact]
    public void An_addition_becomes_the_bias_and_a_second_one_is_added_to_it()
    {
        var builder = new GraphBuilder();
        Value dense = builder.Node("dense", BuiltinOperator.FullyConnected, builder.Input("x", s_batch, 1), ConstantData.Of("w", [2, 1], [1f, 2f]), null);
        Value added = builder.Node("added", BuiltinOperator.Add, new AddOptions(), dense, Floats("a", 10, 20));
        Value shifted = builder.Node("shifted", BuiltinOperator.Sub, new SubOptions(), added, ConstantData.Scalar("s", 1f));
        Value relu = builder.Node("relu", BuiltinOperator.Relu, shifted);
        Graph graph = builder.Build(relu);
        Assert.Contains("dense;added;shifted: Float32[batch,2] = FullyConnected(x, <1 2>, <9 19>)", GraphBuilder.After(BiasFusion.Run, graph));
        Assert.Equal(
            """
            input x: Float32[batch,1]
            relu: Float32[batch,2] = FullyConnected(x, <1 2>, <9 19>) {0=Relu}
            output relu
            """, GraphBuilder.After(ActivationFusion.Run, graph));
        Assert.Equal("dense;relu;added;shifted", graph.Nodes[0].Name);
    }

    [Fact]
    public void A_constant_on_the_left_of_a_subtraction_is_no_bias()
    {
        var builder = new GraphBuilder();
        Value dense = builder.Node("dense", BuiltinOperator.FullyConnected, builder.Input("x", s_batch, 1), ConstantData.Of("w", [2, 1], [1f, 2f]), null);
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Sub, new SubOptions(), Floats("a", 10, 20), dense));
        Assert.False(BiasFusion.Run(graph));
    }

    [Fact]
    public void A_result_that_something_else_reads_keeps_its_operator()
    {
        var builder = new GraphBuilder();
        Value conv = builder.Node("conv", BuiltinOperator.Conv2D, new Conv2DOptions { StrideH = 1, StrideW = 1 }, builder.Input("x", s_batch, 2, 2, 1), Filter());
        Value added = builder.Node("added", BuiltinOperator.Add, new AddOptions(), conv, Floats("a", 1, 2));
        Value relu = builder.Node("relu", BuiltinOperator.Relu, conv);
        Graph graph = builder.Build(added, relu, conv);
        Assert.False(BiasFusion.Run(graph));
        Assert.False(BatchNormFolding.Run(graph));
        Assert.False(ActivationFusion.Run(graph));
    }

    [Fact]
    public void A_second_activation_is_not_fused()
    {
        var builder = new GraphBuilder();
        Value sum = builder.Node("sum", BuiltinOperator.Add, new AddOptions { Activation = ActivationFunction.Relu6 }, builder.Input("x", s_batch, 2), Floats("a", 1, 2));
        Graph graph = builder.Build(builder.Node("relu", BuiltinOperator.Relu, sum));
        Assert.False(ActivationFusion.Run(graph));
    }

    [Fact]
    public void A_constant_that_widens_the_result_is_no_bias()
    {
        var builder = new GraphBuilder();
        Value dense = builder.Node("dense", BuiltinOperator.FullyConnected, builder.Input("x", 1, 1), ConstantData.Of("w", [1, 1], [2f]), null);
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Add, new AddOptions(), dense, ConstantData.Of("a", [2, 1], [1f, 2f])));
        Assert.False(BiasFusion.Run(graph));
    }

    [Fact]
    public void Nodes_that_nothing_needs_die_with_all_that_only_they_need()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", s_batch, 2);
        builder.Node("b", BuiltinOperator.Tanh, builder.Node("a", BuiltinOperator.Relu, x));
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Exp, x));
        Assert.Equal(
            """
            input x: Float32[batch,2]
            y: Float32[batch,2] = Exp(x)
            output y
            """, GraphBuilder.After(DeadNodes.Run, graph));
        Assert.False(DeadNodes.Run(graph));
    }

    [Fact]
    public void A_convolution_without_a_bias_gets_zeros()
    {
        var builder = new GraphBuilder();
        Graph graph = builder.Build(builder.Node("conv", BuiltinOperator.Conv2D, new Conv2DOptions { StrideH = 1, StrideW = 1 }, builder.Input("x", s_batch, 2, 2, 1), Filter()));
        Assert.Contains("Conv2D(x, <1 -1>, <0 0>)", GraphBuilder.After(MissingBiases.Run, graph));
        Assert.False(MissingBiases.Run(graph));
    }

    [Fact]
    public void Constants_with_the_same_bytes_are_one_but_not_across_types_or_shapes()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", 2);
        Value a = builder.Node("a", BuiltinOperator.Add, new AddOptions(), x, Floats("one", 0, 0));
        Value b = builder.Node("b", BuiltinOperator.Add, new AddOptions(), a, Floats("two", 0, 0));
        Value c = builder.Node("c", BuiltinOperator.Add, new AddOptions(), b, ConstantData.Of("three", [1, 2], [0f, 0f]));
        Graph graph = builder.Build(builder.Node("y", BuiltinOperator.Reshape, c, ConstantData.Of("four", 1, 2)));
        Assert.True(CommonConstants.Run(graph));
        Assert.Equal(["one", "three", "four"], graph.Constants().Select(constant => constant.Name));
    }

    private static Value Filter() => ConstantData.Of("filter", [2, 1, 1, 1], [1f, -1f]);

    private static Value Floats(string name, params float[] numbers) => ConstantData.Of(name, [numbers.Length], numbers);
}
