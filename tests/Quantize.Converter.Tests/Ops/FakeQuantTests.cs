using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Values that quantization-aware training rounds.</summary>
public sealed class FakeQuantTests
{
    private readonly TfGraphBuilder _builder = new();

    [Theory]
    [InlineData(8, false, -1, 1, 0.3f, 0.2980392f)]
    [InlineData(8, true, -1, 1, 0.3f, 0.2992126f)]
    [InlineData(8, true, -1, 1, -9, -1)]
    [InlineData(8, true, -1, 1, 9, 1)]
    [InlineData(8, false, -1, 3.2f, -9, -1.0047059f)]
    [InlineData(4, true, -7, 7, -9, -7)]
    [InlineData(4, true, -7, 7, 3.4f, 3)]
    [InlineData(4, false, 0, 15, 7.5f, 8)]
    [InlineData(4, false, 2, 17, 1, 1)]
    [InlineData(4, false, -30, -15, -16, -15)]
    [InlineData(16, false, 0, 65535, 3.4f, 3)]
    [InlineData(8, false, 0, 0, 3, 0)]
    [InlineData(4, true, 0, 0, -3, 0)]
    public void A_range_is_moved_so_that_zero_has_a_code(long bits, bool narrow, float low, float high, float x, float expected)
    {
        TfEdge fixedRange = Faked("fixed", _builder.Input("x", 1), low, high, ("num_bits", bits), ("narrow_range", narrow));
        Assert.Equal(expected, GraphRun.Floats(_builder, fixedRange, new[] { x })[0], 1e-5f);
    }

    [Theory]
    [InlineData(8, false, -1, 1, 0.3f, 0.2980392f)]
    [InlineData(8, true, -1, 1, -9, -1)]
    [InlineData(4, false, -30, -15, -16, -15)]
    [InlineData(8, false, 0, 0, 3, 0)]
    public void A_range_may_be_computed(long bits, bool narrow, float low, float high, float x, float expected)
    {
        TfEdge[] operands = [_builder.Input("x", 1), _builder.Input("low"), _builder.Input("high")];
        TfEdge y = _builder.Node("y", "FakeQuantWithMinMaxVars", operands, ("num_bits", bits), ("narrow_range", narrow));
        Assert.Equal(expected, GraphRun.Floats(_builder, y, new[] { x }, new[] { low }, new[] { high })[0], 1e-5f);
    }

    [Theory]
    [InlineData(8, false, "Quantize Dequantize")]
    [InlineData(8, true, "Maximum Quantize Dequantize")]
    [InlineData(4, false, "FakeQuant")]
    [InlineData(16, true, "Maximum FakeQuant")]
    public void Eight_bits_become_codes_and_floats_again(long bits, bool narrow, string operators) =>
        Assert.Equal(operators, GraphRun.Operators(_builder, Faked("y", _builder.Input("x", 3), -1, 1, ("num_bits", bits), ("narrow_range", narrow))));

    [Theory]
    [InlineData(8, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(12, false)]
    public void Each_slice_of_the_last_dimension_has_a_range_of_its_own(long bits, bool narrow)
    {
        float steps = (1 << (int)bits) - (narrow ? 2 : 1);
        TfEdge y = PerChannel([-1, 0, 0], [3.2f, 10, 0], ("num_bits", bits), ("narrow_range", narrow));
        float[] results = GraphRun.Floats(_builder, y, new float[] { 9, 99, 9, -9, -99, -9 });
        float step = 4.2f / steps, below = MathF.Round(1 / step) * step; // what the lower end of [-1, 3.2] is moved to
        float[] expected = [4.2f - below, 10, 0, -below, 0, 0];
        Assert.All(results.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void Two_ranges_of_one_value_stay_two()
    {
        TfEdge x = _builder.Input("x", 1);
        TfEdge sum = _builder.Node("sum", "AddV2", [Faked("a", x, 0, 255), Faked("b", x, 0, 25.5f)]);
        Assert.Equal([55.5f], GraphRun.Floats(_builder, sum, new[] { 30f }));
    }

    [Fact]
    public void Channels_first_are_quantized_channels_last()
    {
        TfEdge filter = _builder.Floats("filter", [1, 1, 2, 2], 1, 0, 0, 1);
        TfEdge first = _builder.Node("first", "Conv2D", [_builder.Input("x", 1, 2, 3, 3), filter], ("data_format", "NCHW"), ("strides", new long[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        TfEdge second = _builder.Node("second", "Conv2D", [Faked("faked", first, -1, 1), filter], ("data_format", "NCHW"), ("strides", new long[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        Assert.Equal("Transpose Conv2D Quantize Dequantize Conv2D Transpose", GraphRun.Operators(_builder, second));
    }

    [Fact]
    public void Ranges_along_the_last_dimension_follow_a_transposition()
    {
        TfEdge turned = _builder.Node("turned", "Transpose", [_builder.Input("x", 3, 2), _builder.Ints("order", [2], 1, 0)]);
        TfEdge[] operands = [turned, _builder.Floats("low", [3], 0, 0, 0), _builder.Floats("high", [3], 255, 25.5f, 2.55f)];
        TfEdge back = _builder.Node("back", "Transpose", [_builder.Node("y", "FakeQuantWithMinMaxVarsPerChannel", operands), _builder.Ints("order_back", [2], 1, 0)]);
        Assert.Equal("Quantize Dequantize", GraphRun.Operators(_builder, back));
        Assert.Equal([255, 1, 25.5f, 1, 2.55f, 1], GraphRun.Floats(_builder, back, new float[] { 999, 1, 999, 1, 999, 1 }));
    }

    [Fact]
    public void An_empty_range_is_refused_with_its_numbers()
    {
        ConversionException refused = Assert.Throws<ConversionException>(() => GraphRun.Operators(_builder, Faked("y", _builder.Input("x", 1), 1, -1)));
        Assert.Contains("[1, -1]", Assert.Single(refused.Diagnostics).Message, StringComparison.Ordinal);
    }

    private TfEdge Faked(string name, TfEdge input, float low, float high, params (string Name, object Value)[] attributes) =>
        _builder.Node(name, "FakeQuantWithMinMaxVars", [input, _builder.Floats($"{name}/low", [], low), _builder.Floats($"{name}/high", [], high)], attributes);

    private TfEdge PerChannel(float[] low, float[] high, params (string Name, object Value)[] attributes)
    {
        TfEdge[] operands = [_builder.Input("x", 2, low.Length), _builder.Floats("low", [low.Length], low), _builder.Floats("high", [high.Length], high)];
        return _builder.Node("y", "FakeQuantWithMinMaxVarsPerChannel", operands, attributes);
    }
}
