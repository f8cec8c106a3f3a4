using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Converter.Passes;
using Quantize.Converter.Quantization;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.Tests.Ops;
using Quantize.Runtime;

namespace Quantize.Converter.Tests.Quantization;

/// <summary>What training has rounded on all sides computes on codes.</summary>
public sealed class TrainedIntegersTests
{
    private const float OutputStep = 8 / 255f;

    private readonly TfGraphBuilder _builder = new();
    private readonly Random _random = new(7);

    [Fact]
    public void A_network_that_training_has_rounded_computes_on_codes_from_end_to_end()
    {
        TfEdge output = Network();
        Assert.Equal(
            "Quantize Conv2D MaxPool2D Conv2D Add Mean FullyConnected Dequantize",
            Operators(Converted(output, QuantizationScheme.DynamicRange)));
        float[] floats = Run(Converted(output, QuantizationScheme.None)), integers = Run(Converted(output, QuantizationScheme.DynamicRange));
        Assert.True(floats.Distinct().Count() > 4);
        Assert.All(floats.Zip(integers), pair => Assert.InRange(MathF.Abs(pair.First - pair.Second), 0, 2.01f * OutputStep));
    }

    [Fact]
    public void Without_quantization_it_computes_floats() =>
        Assert.DoesNotContain(Converted(Network(), QuantizationScheme.None).Nodes, node => node.Input(1) is { Type: TensorType.Int8 });

    [Fact]
    public void An_operator_that_is_to_stay_float_does_and_its_neighbours_do_not()
    {
        Module module = Converted(Network(), QuantizationScheme.DynamicRange, "second");
        Assert.Equal("Quantize Conv2D MaxPool2D Dequantize Conv2D Quantize Add Mean FullyConnected Dequantize", Operators(module));
    }

    [Fact]
    public void A_result_that_is_read_before_it_is_rounded_stays_float()
    {
        TfEdge product = _builder.Node("product", "MatMul", [Faked("x_codes", _builder.Input("x", 1, 4), 4), Faked("w_codes", Random("w", 4, 3), 1.27f, true)]);
        TfEdge both = _builder.Node("both", "AddV2", [Faked("y_codes", product, 8), product]);
        Assert.Equal("Quantize Dequantize FullyConnected Quantize Dequantize Add", Operators(Converted(both, QuantizationScheme.DynamicRange)));
    }

    [Fact]
    public void A_bias_that_no_integer_can_hold_keeps_the_layer_float()
    {
        TfEdge product = _builder.Node("product", "MatMul", [Faked("x_codes", _builder.Input("x", 1, 4), 1e-6f), Faked("w_codes", Random("w", 4, 3), 1e-6f, true)]);
        TfEdge shifted = _builder.Node("shifted", "BiasAdd", [product, _builder.Floats("bias", [3], 1, 2, 3)]);
        Assert.Equal("Quantize Dequantize FullyConnected Quantize Dequantize", Operators(Converted(Faked("y_codes", shifted, 8), QuantizationScheme.DynamicRange)));
    }

    /// <summary>Two convolutions with a pool between, a sum of both, a mean, and a dense layer.</summary>
    private TfEdge Network()
    {
        (string, object)[] plain = [("strides", new long[] { 1, 1, 1, 1 }), ("padding", "SAME")];
        TfEdge first = Layer("first", _builder.Node("first", "Conv2D", [Faked("x_codes", _builder.Input("x", 1, 8, 8, 3), 4), Faked("w1_codes", Random("w1", 3, 3, 3, 4), 1.27f, true)], plain), 4);
        TfEdge pool = _builder.Node("pool", "MaxPool", [first], ("ksize", new long[] { 1, 2, 2, 1 }), ("strides", new long[] { 1, 2, 2, 1 }), ("padding", "VALID"));
        TfEdge second = Layer("second", _builder.Node("second", "Conv2D", [pool, Faked("w2_codes", Random("w2", 3, 3, 4, 4), 1.27f, true)], plain), 4);
        TfEdge sum = Faked("sum_codes", _builder.Node("sum", "AddV2", [pool, second]), 16);
        TfEdge mean = Faked("mean_codes", _builder.Node("mean", "Mean", [sum, _builder.Ints("axes", [2], 1, 2)]), 8);
        return Faked("y_codes", _builder.Node("y", "MatMul", [mean, Faked("w3_codes", Random("w3", 4, 6), 1.27f, true)]), 4);
    }

    private TfEdge Layer(string name, TfEdge product, int channels)
    {
        TfEdge shifted = _builder.Node($"{name}_bias", "BiasAdd", [product, Random($"{name}_b", channels)]);
        return Faked($"{name}_codes", _builder.Node($"{name}_relu", "Relu", [shifted]), 8);
    }

    private TfEdge Random(string name, params int[] shape) =>
        _builder.Floats(name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, (product, length) => product * length)).Select(_ => (float)(_random.NextDouble() * 2 - 1))]);

    private TfEdge Faked(string name, TfEdge input, float end, bool narrow = false) => _builder.Node(
        name, "FakeQuantWithMinMaxVars", [input, _builder.Floats($"{name}/low", [], -end), _builder.Floats($"{name}/high", [], end)], ("narrow_range", narrow));

    private Module Converted(TfEdge output, QuantizationScheme scheme, params string[] kept)
    {
        Module module = ModuleImporter.Import(_builder.Build(output), "file", [], null, signatureOnly: false);
        PassPipeline.Run(module, "file");
        if (scheme != QuantizationScheme.None)
            TrainedIntegers.Run(module, new KeptFloat(kept));
        WeightQuantizer.Run(module, scheme, new KeptFloat(kept));
        RuntimeSupport.Check(module, "file");
        Assert.All(module.Graphs, graph => Assert.Null(GraphChecker.Fault(graph)));
        return module;
    }

    private static string Operators(Module module) => string.Join(' ', module.Nodes.Select(node => node.Code));

    private static float[] Run(Module module)
    {
        using CompiledModel model = CompiledModel.Load(TfLiteEmitter.Emit(module).ToArray());
        using Session session = model.CreateSession();
        Span<float> x = session.Input<float>(0);
        for (int i = 0; i < x.Length; i++)
            x[i] = MathF.Sin(i) * 3;
        session.Run();
        return session.Output<float>(0).ToArray();
    }
}
