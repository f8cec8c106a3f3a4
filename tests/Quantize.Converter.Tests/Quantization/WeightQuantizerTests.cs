using System.Runtime.InteropServices;
using Quantize.Converter.Graphs;
using Quantize.Converter.Quantization;
using Quantize.Converter.Reports;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Tests.Quantization;

public sealed class WeightQuantizerTests
{
    [Theory]
    [InlineData(1023, TensorType.Float32)]
    [InlineData(1024, TensorType.Int8)]
    public void Weights_of_1024_elements_are_quantized_smaller_ones_are_not(int depth, TensorType expected)
    {
        Graph graph = Dense(1, [.. Enumerable.Range(0, depth).Select(i => i % 7 - 3f)]);
        WeightQuantizer.Run(GraphBuilder.Module(graph), QuantizationScheme.DynamicRange, new KeptFloat([]));
        Assert.Equal(expected, graph.Nodes[0].Input(1)!.Type);
        Assert.Equal(expected == TensorType.Int8, graph.Nodes[0].OptionsAs<FullyConnectedOptions>().AsymmetricQuantizeInputs);
    }

    [Fact]
    public void Codes_round_half_away_from_zero_and_a_channel_of_zeros_has_Googles_scale()
    {
        var weights = new float[2 * 1024];
        ReadOnlySpan<float> first = [127, 0.5f, -0.5f, 1.5f, -1.49f, -127];
        first.CopyTo(weights);
        Value quantized = Quantized(Dense(2, weights), QuantizationScheme.DynamicRange);
        Assert.Equal([1f, (float)(5e-7 / 127)], quantized.Quantization!.Scales);
        Assert.Equal([127, 1, -1, 2, -1, -127, 0], MemoryMarshal.Cast<byte, sbyte>(quantized.Data.Span)[..7].ToArray());
        Assert.Equal(0, quantized.Quantization.Axis);
    }

    [Fact]
    public void One_scale_serves_the_whole_tensor_where_it_is_wanted()
    {
        var weights = new float[2 * 1024];
        (weights[0], weights[1024]) = (254, -127);
        Value quantized = Quantized(Dense(2, weights), QuantizationScheme.DynamicRangePerTensor);
        Assert.Equal([2f], quantized.Quantization!.Scales);
        Assert.Equal(-64, (sbyte)quantized.Data.Span[1024]);
    }

    [Fact]
    public void Depthwise_weights_have_a_scale_for_each_of_the_last_dimension()
    {
        var weights = new float[32 * 32];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = 127 * (i % 32 + 1);
        var builder = new GraphBuilder();
        var options = new DepthwiseConv2DOptions { StrideH = 1, StrideW = 1, DepthMultiplier = 1 };
        Value depthwise = builder.Node("dw", BuiltinOperator.DepthwiseConv2D, options, builder.Input("x", 1, 64, 64, 32), ConstantData.Of("w", [1, 8, 4, 32], weights));
        Value quantized = Quantized(builder.Build(depthwise), QuantizationScheme.DynamicRange);
        Assert.Equal(Enumerable.Range(1, 32).Select(scale => (float)scale), quantized.Quantization!.Scales);
        Assert.Equal(3, quantized.Quantization.Axis);
        Assert.True(MemoryMarshal.Cast<byte, sbyte>(quantized.Data.Span).IndexOfAnyExcept((sbyte)127) < 0);
    }

    [Fact]
    public void Weights_that_two_operators_share_stay_shared()
    {
        var builder = new GraphBuilder();
        Value weights = ConstantData.Of("w", [32, 32], [.. Enumerable.Range(0, 1024).Select(i => (float)i)]);
        Value a = builder.Node("a", BuiltinOperator.FullyConnected, builder.Input("x", 1, 32), weights, null);
        Graph graph = builder.Build(builder.Node("b", BuiltinOperator.FullyConnected, a, weights, null));
        WeightQuantizer.Run(GraphBuilder.Module(graph), QuantizationScheme.DynamicRange, new KeptFloat([]));
        Assert.Same(graph.Nodes[0].Input(1), graph.Nodes[1].Input(1));
    }

    [Fact]
    public void Weights_that_are_no_numbers_stay_float_and_the_report_says_so()
    {
        var weights = new float[1024];
        weights[3] = float.NaN;
        IReadOnlyList<WeightReport> report = WeightQuantizer.Run(GraphBuilder.Module(Dense(1, weights)), QuantizationScheme.DynamicRange, new KeptFloat([]));
        Assert.Equal(new WeightReport("dense", 1024, "a weight is infinite or not a number"), Assert.Single(report));
    }

    private static Graph Dense(int outputs, float[] weights)
    {
        var builder = new GraphBuilder();
        int depth = weights.Length / outputs;
        return builder.Build(builder.Node("dense", BuiltinOperator.FullyConnected, builder.Input("x", Dimension.Symbol("batch"), depth), ConstantData.Of("w", [outputs, depth], weights), null));
    }

    private static Value Quantized(Graph graph, QuantizationScheme scheme)
    {
        WeightQuantizer.Run(GraphBuilder.Module(graph), scheme, new KeptFloat([]));
        return graph.Nodes[0].Input(1)!;
    }
}
