using Quantize.Converter.TensorFlow;
using Quantize.Converter.Tests.Ops;

namespace Quantize.Converter.Tests.Passes;

/// <summary>What operators remain of small graphs behind all passes.</summary>
public sealed class OperatorListTests
{
    private readonly TfGraphBuilder _builder = new();

    [Fact]
    public void A_residual_block_with_channels_first_has_transposes_at_its_ends_only()
    {
        TfEdge x = _builder.Input("x", 1, 4, 6, 6);
        TfEdge first = _builder.Node("r1", "Relu", [Conv("c1", x)]);
        TfEdge second = Conv("c2", first);
        TfEdge sum = _builder.Node("r2", "Relu", [_builder.Node("sum", "AddV2", [first, second])]);
        TfEdge joined = _builder.Node("joined", "ConcatV2", [sum, first, _builder.Ints("axis", [], 1)]);
        TfEdge mean = _builder.Node("mean", "Mean", [joined, _builder.Ints("axes", [2], 2, 3)]);
        Assert.Equal("Transpose Conv2D Conv2D Add Concatenation Mean", GraphRun.Operators(_builder, mean));
    }

    [Fact]
    public void A_gate_of_one_number_for_each_channel_follows_the_layout()
    {
        TfEdge x = _builder.Input("x", 1, 4, 6, 6);
        TfEdge conv = Conv("c1", x);
        TfEdge mean = _builder.Node("mean", "Mean", [conv, _builder.Ints("axes", [2], 2, 3)]);
        TfEdge gate = _builder.Node("gate", "Reshape", [_builder.Node("sigmoid", "Sigmoid", [mean]), _builder.Ints("shape", [4], 1, 4, 1, 1)]);
        TfEdge y = _builder.Node("y", "Max", [_builder.Node("scaled", "Mul", [conv, gate]), _builder.Ints("axes2", [2], 2, 3)]);
        Assert.Equal("Transpose Conv2D Mean Logistic Reshape Mul ReduceMax", GraphRun.Operators(_builder, y));
    }

    [Fact]
    public void A_transposition_that_moves_only_ones_is_a_reshape()
    {
        TfEdge x = _builder.Input("x", -1, 1, 1, 4);
        TfEdge y = _builder.Node("y", "Transpose", [x, _builder.Ints("p", [4], 0, 3, 1, 2)]);
        Assert.Equal("Reshape", GraphRun.Operators(_builder, y));
    }

    [Fact]
    public void Rows_and_back_around_a_dense_layer_are_its_own()
    {
        TfEdge x = _builder.Input("x", -1, 5, 4);
        TfEdge rows = _builder.Node("rows", "Reshape", [x, _builder.Ints("flat", [2], -1, 4)]);
        TfEdge product = _builder.Node("product", "MatMul", [rows, _builder.Floats("w", [4, 2], 1, 2, 3, 4, 5, 6, 7, 8)]);
        TfEdge back = _builder.Node("back", "Reshape", [product, _builder.Ints("shape", [3], -1, 5, 2)]);
        Assert.Equal("FullyConnected", GraphRun.Operators(_builder, _builder.Node("y", "BiasAdd", [back, _builder.Floats("b", [2], 1, 2)])));
    }

    [Fact]
    public void The_same_of_the_same_is_computed_once()
    {
        TfEdge x = _builder.Input("x", 2, 2);
        TfEdge w = _builder.Floats("w", [2, 2], 1, 2, 3, 4);
        TfEdge twice = _builder.Node("y", "AddV2", [_builder.Node("a", "MatMul", [x, w]), _builder.Node("b", "MatMul", [x, w])]);
        Assert.Equal("FullyConnected Add", GraphRun.Operators(_builder, twice));
    }

    [Fact]
    public void Another_bound_is_no_hard_swish()
    {
        TfEdge x = _builder.Input("x", 2, 2);
        TfEdge gate = _builder.Node("gate", "Relu6", [_builder.Node("sum", "AddV2", [x, _builder.Floats("three", [], 2)])]);
        TfEdge y = _builder.Node("y", "Mul", [_builder.Node("product", "Mul", [x, gate]), _builder.Floats("sixth", [], 1 / 6f)]);
        Assert.Equal("Add Mul Mul", GraphRun.Operators(_builder, y));
    }

    [Theory]
    [InlineData("Maximum", 0, "", 0, "Relu")]
    [InlineData("Maximum", 0, "Minimum", 6, "Relu6")]
    [InlineData("Minimum", 6, "Maximum", 0, "Relu6")]
    [InlineData("Minimum", 6, "Relu", 0, "Relu6")]
    [InlineData("Minimum", 1, "Maximum", -1, "ReluN1To1")]
    [InlineData("Minimum", 5, "Maximum", 0, "Minimum Relu")]
    public void Bounds_that_have_a_builtin_become_it(string inner, float first, string outer, float second, string operators)
    {
        TfEdge y = Bound("inner", inner, _builder.Input("x", 2, 2), first);
        Assert.Equal(operators, GraphRun.Operators(_builder, outer.Length == 0 ? y : Bound("outer", outer, y, second)));
    }

    [Theory]
    [InlineData("AddV2", true, -0.25f)]
    [InlineData("Sub", true, 0.25f)]
    [InlineData("AddV2", false, 0.25f)]
    [InlineData("Sub", false, -0.25f)]
    public void A_slope_below_zero_is_found_in_its_formulas(string op, bool turned, float factor)
    {
        TfEdge x = _builder.Input("x", 4);
        TfEdge negative = turned ? _builder.Node("part", "Relu", [_builder.Node("turned", "Neg", [x])]) : Bound("part", "Minimum", x, 0);
        TfEdge scaled = _builder.Node("scaled", "Mul", [_builder.Floats("alpha", [], factor), negative]);
        TfEdge y = _builder.Node("y", op, [_builder.Node("positive", "Relu", [x]), scaled]);
        Assert.Equal("LeakyRelu", GraphRun.Operators(_builder, y));
        Assert.Equal([-0.5f, 0, 3, float.NegativeInfinity], GraphRun.Floats(_builder, y, new[] { -2, 0, 3, float.NegativeInfinity }));
    }

    [Fact]
    public void The_larger_of_a_number_and_a_part_of_it_is_leaky()
    {
        TfEdge x = _builder.Input("x", 3);
        TfEdge y = _builder.Node("y", "Maximum", [_builder.Node("scaled", "Mul", [_builder.Floats("alpha", [], 0.25f), x]), x]);
        Assert.Equal("LeakyRelu", GraphRun.Operators(_builder, y));
        Assert.Equal([-0.5f, 0, 3], GraphRun.Floats(_builder, y, new float[] { -2, 0, 3 }));
    }

    [Fact]
    public void Slopes_of_each_element_are_a_prelu()
    {
        TfEdge x = _builder.Input("x", 2, 2);
        TfEdge scaled = _builder.Node("scaled", "Mul", [_builder.Floats("alpha", [2], 0.5f, 2), Bound("part", "Minimum", x, 0)]);
        TfEdge y = _builder.Node("y", "AddV2", [_builder.Node("positive", "Relu", [x]), scaled]);
        Assert.Equal("Prelu", GraphRun.Operators(_builder, y));
        Assert.Equal([-1, -4, 3, 4], GraphRun.Floats(_builder, y, new float[] { -2, -2, 3, 4 }));
    }

    [Theory]
    [InlineData(0, 0, "Conv2D")]
    [InlineData(1, 0, "Pad Conv2D")]
    public void A_convolution_over_blocks_is_a_dilated_one(int before, int behind, string operators)
    {
        TfEdge x = _builder.Input("x", -1, 8, 8, 1);
        TfEdge edges = _builder.Ints("edges", [2, 2], before, before, behind, behind), block = _builder.Ints("block", [2], 2, 2);
        TfEdge conv = _builder.Node("conv", "Conv2D", [_builder.Node("s2b", "SpaceToBatchND", [x, block, edges]), _builder.Floats("f", [2, 2, 1, 1], 1, 2, 3, 4)], ("padding", "VALID"));
        TfEdge y = _builder.Node("y", "BatchToSpaceND", [conv, block, _builder.Ints("crops", [2, 2], 0, 0, 0, 0)]);
        float[] image = NumberedFloats.Of(1, 1, 8, 8, 1);
        Assert.Equal(operators, GraphRun.Operators(_builder, y));
        (int[] shape, byte[] data) = GraphRun.Bytes(_builder, y, image);
        for (int at = 0; at < data.Length / sizeof(float); at++)
        {
            float sum = 0;
            for (int place = 0; place < 4; place++)
            {
                int row = at / shape[2] + place / 2 * 2 - before, column = at % shape[2] + place % 2 * 2 - behind;
                sum += (uint)row < 8 && (uint)column < 8 ? image[row * 8 + column] * (place + 1) : 0;
            }

            Assert.Equal(sum, BitConverter.ToSingle(data, at * sizeof(float)));
        }
    }

    private TfEdge Bound(string name, string op, TfEdge x, float bound) =>
        op == "Relu" ? _builder.Node(name, op, [x]) : _builder.Node(name, op, [x, _builder.Floats($"{name}/bound", [], bound)]);

    private TfEdge Conv(string name, TfEdge x) =>
        _builder.Node(name, "Conv2D", [x, _builder.Floats($"{name}/f", [1, 1, 4, 4], NumberedFloats.Of(1, 1, 1, 4, 4))], ("data_format", "NCHW"), ("padding", "SAME"));
}
