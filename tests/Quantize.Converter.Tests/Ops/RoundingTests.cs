using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Values rounded as quantized kernels would round them, and normalizations with fixed statistics.</summary>
public sealed class RoundingTests
{
    private readonly TfGraphBuilder _builder = new();

    [Fact]
    public void A_range_of_its_own_for_each_slice_rounds_each_by_its_own_step()
    {
        TfEdge x = _builder.Input("x", 2, 2);
        TfEdge y = _builder.Node("y", "QuantizeAndDequantizeV4", [x, _builder.Floats("low", [], 0), _builder.Floats("high", [], 0)], ("axis", 0L), ("num_bits", 3L));
        Assert.Equal([1, 3, 20, -40], GraphRun.Floats(_builder, y, new float[] { 1.2f, 3, 16, -40 }));
    }

    [Fact]
    public void A_given_range_for_each_slice_clamps_each()
    {
        TfEdge x = _builder.Input("x", 2, 2);
        TfEdge y = _builder.Node(
            "y", "QuantizeAndDequantizeV2", [x, _builder.Floats("low", [2], -4, -8), _builder.Floats("high", [2], 3, 6)], ("axis", 1L), ("num_bits", 3L), ("range_given", true));
        Assert.Equal([3, 6, -4, -2], GraphRun.Floats(_builder, y, new float[] { 9, 9, -9, -2.5f }));
    }

    [Theory]
    [InlineData("HALF_TO_EVEN", new float[] { 0, 2, 2, -0f, -4 })]
    [InlineData("HALF_UP", new float[] { 1, 2, 3, 0, -4 })]
    public void Halves_are_rounded_as_the_node_says(string mode, float[] expected)
    {
        TfEdge y = _builder.Node(
            "y", "QuantizeAndDequantizeV2", [_builder.Input("x", 5), _builder.Floats("low", [], -4), _builder.Floats("high", [], 3)], ("num_bits", 3L), ("range_given", true), ("round_mode", mode));
        Assert.Equal(expected, GraphRun.Floats(_builder, y, new float[] { 0.5f, 1.5f, 2.5f, -0.5f, -4.5f }));
    }

    [Theory]
    [InlineData(true, true, 3)]
    [InlineData(true, false, 3)]
    [InlineData(false, false, 3)]
    public void Signed_narrow_and_unsigned_codes_reach_the_ends(bool isSigned, bool narrow, float expected)
    {
        TfEdge x = _builder.Input("x", 2);
        TfEdge y = _builder.Node(
            "y", "QuantizeAndDequantizeV3", [x, _builder.Floats("low", [], 0), _builder.Floats("high", [], 0), _builder.Ints("bits", [], 3)],
            ("signed_input", isSigned), ("narrow_range", narrow), ("range_given", false));
        Assert.Equal([expected, 0], GraphRun.Floats(_builder, y, new float[] { 3, 0 }));
        Assert.Equal([0, 0], GraphRun.Floats(_builder, y, new float[2]));
    }

    [Fact]
    public void The_normalization_of_2015_scales_where_it_is_told_to()
    {
        TfEdge[] operands =
        [
            _builder.Input("x", 1, 1, 1, 2), _builder.Floats("mean", [2], 1, 2), _builder.Floats("variance", [2], 3, 15), _builder.Floats("beta", [2], 10, 20), _builder.Floats("gamma", [2], 2, 4),
        ];
        TfEdge scaled = _builder.Node("scaled", "BatchNormWithGlobalNormalization", operands, ("variance_epsilon", 1f), ("scale_after_normalization", true));
        TfEdge plain = _builder.Node("plain", "BatchNormWithGlobalNormalization", operands, ("variance_epsilon", 1f), ("scale_after_normalization", false));
        Assert.Equal([12, 22], GraphRun.Floats(_builder, scaled, new float[] { 3, 4 }));
        Assert.Equal([11, 20.5f], GraphRun.Floats(_builder, plain, new float[] { 3, 4 }));
    }
}
