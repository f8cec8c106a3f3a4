using System.Runtime.InteropServices;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Converter.Passes;
using Quantize.Converter.Quantization;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.Tests.Ops;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.Quantization;

/// <summary>Weights that quantization-aware training has put on a grid keep its codes.</summary>
public sealed class TrainedCodesTests
{
    private const int Rows = 32;
    private const int Columns = 40;

    private readonly TfGraphBuilder _builder = new();

    /// <summary>The largest weight does not reach the end of its range: the scale is the training's, not the one that the weights would ask for.</summary>
    [Theory]
    [InlineData(QuantizationScheme.DynamicRange)]
    [InlineData(QuantizationScheme.DynamicRangePerTensor)]
    public void The_scale_is_that_of_the_training(QuantizationScheme scheme)
    {
        Node dense = Single(Dense(Faked(Weights(Rows, Columns), -1.27f, 1.27f, true)), BuiltinOperator.FullyConnected, scheme);
        Value weights = dense.Input(1)!;
        Assert.Equal(TensorType.Int8, weights.Type);
        Assert.All(weights.Quantization!.Scales, scale => Assert.Equal(0.01f, scale, 1e-7f));
        Assert.All(weights.Quantization.ZeroPoints, zeroPoint => Assert.Equal(0, zeroPoint));
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => (sbyte)Code(row, 0)), Codes(weights)[..Rows].ToArray());
    }

    [Fact]
    public void Slices_keep_their_scales_through_a_transposition_and_a_reshape()
    {
        float[] ends = [.. Enumerable.Range(1, Columns).Select(channel => 1.27f * channel)];
        TfEdge[] operands = [Weights(Rows, Columns, scaledByColumn: true), _builder.Floats("low", [Columns], [.. ends.Select(end => -end)]), _builder.Floats("high", [Columns], ends)];
        TfEdge faked = _builder.Node("faked", "FakeQuantWithMinMaxVarsPerChannel", operands, ("narrow_range", true));
        TfEdge filter = _builder.Node("filter", "Reshape", [faked, _builder.Ints("filter_shape", [4], 4, 4, 2, Columns)]);
        TfEdge y = _builder.Node("y", "Conv2D", [_builder.Input("x", 1, 8, 8, 2), filter], ("strides", new long[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        Value weights = Single(y, BuiltinOperator.Conv2D).Input(1)!;
        Assert.Equal((TensorType.Int8, 0), (weights.Type, weights.Quantization!.Axis));
        Assert.All(weights.Quantization.Scales.Zip(ends), pair => Assert.Equal(pair.Second / 127, pair.First, 1e-6f));
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => (sbyte)Code(row, 3)), Codes(weights)[(3 * Rows)..(4 * Rows)].ToArray());
    }

    [Fact]
    public void Factors_behind_the_weights_go_into_the_scales_and_their_signs_into_the_codes()
    {
        float[] factors = [.. Enumerable.Range(0, Columns).Select(column => column % 2 == 0 ? 2f : -3f)];
        TfEdge product = _builder.Node("product", "Mul", [Dense(Faked(Weights(Rows, Columns), -1.27f, 1.27f, true)), _builder.Floats("factors", [Columns], factors)]);
        Value weights = Single(product, BuiltinOperator.FullyConnected).Input(1)!;
        Assert.All(weights.Quantization!.Scales.Zip(factors), pair => Assert.Equal(0.01f * MathF.Abs(pair.Second), pair.First, 1e-6f));
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => (sbyte)-Code(row, 1)), Codes(weights)[Rows..(2 * Rows)].ToArray());
    }

    /// <summary>More codes above 0 than below: rounding them again would lose what training has learned.</summary>
    [Fact]
    public void Codes_that_are_not_symmetric_are_stored_and_computed_as_floats()
    {
        Module module = Converted(Dense(Faked(Weights(Rows, Columns), -0.1f, 1.175f, false)), QuantizationScheme.DynamicRange);
        Assert.Equal(["Dequantize", "FullyConnected"], module.Graphs[0].Nodes.Select(node => node.Code.ToString()));
        Value codes = module.Graphs[0].Nodes[0].Input(0)!;
        Assert.Equal(TensorType.Int8, codes.Type);
        using CompiledModel model = CompiledModel.Load(TfLiteEmitter.Emit(module));
        using Session session = model.CreateSession();
        session.Input<float>(0).Clear();
        session.Input<float>(0)[0] = 1;
        session.Run();
        Assert.All(Enumerable.Range(0, Columns), column => Assert.Equal(Math.Clamp(0.005f * (2 * Code(0, column) + 1), -0.1f, 1.175f), session.Output<float>(0)[column], 1e-6f));
    }

    [Fact]
    public void Without_quantization_the_weights_are_the_rounded_floats()
    {
        Value weights = Single(Dense(Faked(Weights(Rows, Columns), -0.32f, 0.31f, false, bits: 6)), BuiltinOperator.FullyConnected, QuantizationScheme.None).Input(1)!;
        Assert.Equal(TensorType.Float32, weights.Type);
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => 0.01f * Math.Clamp(Code(row, 0), -32, 31)), ConstantData.Floats(weights)[..Rows].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    /// <summary>Numbers from -1.15 to 1.22, each nearly a multiple of 0.01.</summary>
    private TfEdge Weights(int rows, int columns, bool scaledByColumn = false)
    {
        var numbers = new float[rows * columns];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = 0.01f * (Code(i / columns, i % columns) + 0.3f) * (scaledByColumn ? i % columns + 1 : 1);
        return _builder.Floats("weights", [rows, columns], numbers);
    }

    private static int Code(int row, int column) => (row * 31 + column * 17) % 238 - 115;

    private TfEdge Faked(TfEdge input, float low, float high, bool narrow, long bits = 8) => _builder.Node(
        "faked", "FakeQuantWithMinMaxVars", [input, _builder.Floats("low", [], low), _builder.Floats("high", [], high)], ("narrow_range", narrow), ("num_bits", bits));

    private TfEdge Dense(TfEdge weights) => _builder.Node("dense", "MatMul", [_builder.Input("x", 1, Rows), weights]);

    private Node Single(TfEdge output, BuiltinOperator code, QuantizationScheme scheme = QuantizationScheme.DynamicRange) =>
        Assert.Single(Converted(output, scheme).Graphs[0].Nodes, node => node.Code == code);

    private Module Converted(TfEdge output, QuantizationScheme scheme)
    {
        Module module = ModuleImporter.Import(_builder.Build(output), "file", [], null, signatureOnly: false);
        PassPipeline.Run(module, "file");
        WeightQuantizer.Run(module, scheme, new KeptFloat([]));
        RuntimeSupport.Check(module, "file");
        return module;
    }

    private static ReadOnlySpan<sbyte> Codes(Value weights) => MemoryMarshal.Cast<byte, sbyte>(weights.Data.Span);
}
