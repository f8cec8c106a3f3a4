using Quantize.Build;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Tests;

namespace Quantize.Converter.Tests;

public sealed class MnistConversionTests
{
    private const int Images = 1_000;

    private static readonly BuiltinOperator[] s_operators =
    [
        BuiltinOperator.Reshape, BuiltinOperator.Conv2D, BuiltinOperator.MaxPool2D, BuiltinOperator.Conv2D, BuiltinOperator.MaxPool2D,
        BuiltinOperator.Reshape, BuiltinOperator.FullyConnected, BuiltinOperator.FullyConnected,
    ];

    public static TheoryData<QuantizationScheme, long> Sizes => new()
    {
        { QuantizationScheme.None, 13_110_000 },
        { QuantizationScheme.DynamicRange, 3_300_000 },
        { QuantizationScheme.DynamicRangePerTensor, 3_290_000 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_file_is_no_larger_than_the_bar(QuantizationScheme scheme, long largest)
    {
        ConversionResult result = ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1, scheme));
        TestContext.Current.TestOutputHelper!.WriteLine($"{scheme}: {result.Model.Length} bytes");
        Assert.InRange(result.Model.Length, 1, largest);
    }

    [Fact]
    public void Ten_operators_remain_and_the_shape_arithmetic_is_gone()
    {
        using TfLiteModel model = MnistModels.Read(ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1)));
        Assert.Equal([.. s_operators, BuiltinOperator.ArgMax, BuiltinOperator.Softmax], model.Subgraphs[0].Operators.Select(node => node.Code));
        using TfLiteModel google = MnistModels.Google("google_dynamic.tflite");
        Assert.True(model.Subgraphs[0].Operators.Length <= google.Subgraphs[0].Operators.Length);
    }

    [Theory]
    [InlineData("google_float.tflite", QuantizationScheme.None)]
    [InlineData("google_dynamic.tflite", QuantizationScheme.DynamicRange)]
    [InlineData("google_dynamic_pertensor.tflite", QuantizationScheme.DynamicRangePerTensor)]
    public void Weights_scales_and_biases_equal_those_of_Googles_file(string file, QuantizationScheme scheme)
    {
        using TfLiteModel ours = MnistModels.Read(ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1, scheme)));
        using TfLiteModel google = MnistModels.Google(file);
        (Operator Ours, Operator Google)[] pairs = [.. Weighted(ours).Zip(Weighted(google))];
        Assert.Equal(4, pairs.Length);
        foreach ((Operator a, Operator b) in pairs)
        {
            Assert.Equal((a.Code, a.Version), (b.Code, b.Version));
            Assert.Equal(b.Options with { }, a.Options with { });
            AssertSameConstant(ours, a.Inputs[1], google, b.Inputs[1]);
            AssertSameConstant(ours, a.Inputs[2], google, b.Inputs[2]);
            Assert.Equal(google.Subgraphs[0].Tensors[b.Inputs[1]].Name, ours.Subgraphs[0].Tensors[a.Inputs[1]].Name);
        }
    }

    [Theory]
    [InlineData("google_float.tflite", QuantizationScheme.None)]
    [InlineData("google_dynamic.tflite", QuantizationScheme.DynamicRange)]
    [InlineData("google_dynamic_pertensor.tflite", QuantizationScheme.DynamicRangePerTensor)]
    public void The_signature_and_its_tensors_equal_Googles(string file, QuantizationScheme scheme)
    {
        using TfLiteModel ours = MnistModels.Read(ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1, scheme)));
        using TfLiteModel google = MnistModels.Google(file);
        Assert.Equal(Describe(google, google.Signatures[0]), Describe(ours, ours.Signatures[0]));
    }

    [Fact]
    public void Both_signatures_of_the_estimator_share_one_subgraph()
    {
        using TfLiteModel model = MnistModels.Read(ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1)));
        Assert.Equal(["serving_default", "classify"], model.Signatures.Select(signature => signature.Key));
        Assert.All(model.Signatures, signature => Assert.Equal(0, signature.Subgraph));
        Assert.Single(model.Subgraphs);
    }

    [Fact]
    public void The_signature_text_is_the_same_with_and_without_the_weights()
    {
        ConversionRequest request = MnistModels.Request(MnistModels.Tf1);
        ModelSignature whole = ModelConverter.Convert(request).Signature;
        ConversionResult only = ModelConverter.Convert(request with { SignatureOnly = true });
        Assert.Equal(0, only.Model.Length);
        Assert.Equal(only.Signature, whole with { Operators = default, FloatBytes = 0, ModelBytes = 0 });
        SignatureMethod method = whole.Methods[0];
        Assert.Equal(new SignatureTensor("image", "Placeholder:0", "Float32", new(["batch", "28", "28"]), 0, 0), method.Inputs[0]);
        Assert.Equal(new SignatureTensor("classes", "ArgMax:0", "Int64", new(["batch"]), 0, 0), method.Outputs[0]);
        Assert.Equal(new SignatureTensor("probabilities", "Softmax:0", "Float32", new(["batch", "10"]), 0, 0), method.Outputs[1]);
    }

    [Fact]
    public void A_fixed_batch_leaves_no_open_dimension()
    {
        ConversionResult result = ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1) with { Batch = 1 });
        using TfLiteModel model = MnistModels.Read(result);
        Assert.All(model.Subgraphs[0].Tensors, tensor => Assert.DoesNotContain(-1, tensor.ShapeSignature));
        Assert.Equal(["1", "28", "28"], result.Signature.Methods[0].Inputs[0].Shape);
    }

    [Fact]
    public void The_same_conversion_gives_the_same_bytes()
    {
        ConversionRequest request = MnistModels.Request(MnistModels.Tf1);
        Assert.True(ModelConverter.Convert(request).Model.Span.SequenceEqual(ModelConverter.Convert(request).Model.Span));
    }

    [Fact]
    public void The_frozen_graph_gives_the_same_weights_under_the_names_of_its_arrays()
    {
        ConversionRequest request = MnistModels.Request(MnistModels.Frozen) with { InputArrays = ["image"], OutputArrays = ["classes", "probabilities"] };
        using TfLiteModel frozen = MnistModels.Read(ModelConverter.Convert(request));
        using TfLiteModel saved = MnistModels.Read(ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1)));
        Assert.Equal(["image"], frozen.Subgraphs[0].Inputs.Select(index => frozen.Subgraphs[0].Tensors[index].Name));
        Assert.Equal(["classes", "probabilities"], frozen.Subgraphs[0].Outputs.Select(index => frozen.Subgraphs[0].Tensors[index].Name));
        foreach ((Operator a, Operator b) in Weighted(frozen).Zip(Weighted(saved)))
        {
            AssertSameConstant(frozen, a.Inputs[1], saved, b.Inputs[1]);
            AssertSameConstant(frozen, a.Inputs[2], saved, b.Inputs[2]);
        }
    }

    [Theory]
    [InlineData("saved_model_keras")]
    [InlineData("saved_model_keras3")]
    public void The_Keras_exports_give_the_same_weights(string name)
    {
        using var export = new JoinedSavedModel(MnistModels.Path(name));
        using TfLiteModel keras = MnistModels.Read(ModelConverter.Convert(MnistModels.Request(export.Folder)));
        using TfLiteModel saved = MnistModels.Read(ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1)));
        Assert.Equal([.. s_operators, BuiltinOperator.Softmax], keras.Subgraphs[0].Operators.Select(node => node.Code));
        foreach ((Operator a, Operator b) in Weighted(keras).Zip(Weighted(saved)))
        {
            AssertSameConstant(keras, a.Inputs[1], saved, b.Inputs[1]);
            AssertSameConstant(keras, a.Inputs[2], saved, b.Inputs[2]);
        }
    }

    [Fact]
    public void The_arithmetic_stands_in_the_file_only_where_weights_are_quantized()
    {
        ConversionRequest fast = MnistModels.Request(MnistModels.Tf1) with { Arithmetic = ArithmeticForm.Fast };
        using TfLiteModel quantized = MnistModels.Read(ModelConverter.Convert(fast));
        Assert.Equal("Fast"u8, quantized.Bytes(quantized.Metadata["quantize_build.arithmetic"]));
        using TfLiteModel whole = MnistModels.Read(ModelConverter.Convert(fast with { Quantization = QuantizationScheme.None }));
        Assert.DoesNotContain("quantize_build.arithmetic", whole.Metadata.Keys);
    }

    [Theory]
    [InlineData(QuantizationScheme.None, "predictions_t10k.tf.u8", 1_000)]
    [InlineData(QuantizationScheme.DynamicRange, "predictions_t10k.google_dynamic.u8", 999)]
    [InlineData(QuantizationScheme.DynamicRangePerTensor, "predictions_t10k.google_dynamic_pertensor_builtin.u8", 999)]
    public void The_converted_model_predicts_what_TensorFlow_or_Googles_file_predicts(QuantizationScheme scheme, string recorded, int fewestSame)
    {
        float[] images = MnistImages.Test();
        byte[] expected = File.ReadAllBytes(MnistModels.Path(recorded));
        using CompiledModel model = CompiledModel.Load(ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1, scheme)).Model);
        using Session session = model.CreateSession();
        int same = 0;
        for (int i = 0; i < Images; i++)
        {
            images.AsSpan(i * MnistImages.Size, MnistImages.Size).CopyTo(session.Input<float>("image"));
            session.Run();
            same += session.Output<long>("classes")[0] == expected[i] ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{scheme}: {same} of {Images} the same");
        Assert.True(same >= fewestSame, $"{same} predictions are the same");
    }

    [Fact]
    public void The_report_names_what_stayed_float_and_why()
    {
        ConversionResult result = ModelConverter.Convert(MnistModels.Request(MnistModels.Tf1));
        Assert.Equal([800, 51200, 3211264, 10240], result.Report!.Weights.Select(weight => weight.Elements));
        Assert.Equal("800 weights, fewer than 1024", result.Report.Weights[0].StayedFloatBecause);
        Assert.All(result.Report.Weights.Skip(1), weight => Assert.Null(weight.StayedFloatBecause));
    }

    private static IEnumerable<Operator> Weighted(TfLiteModel model) =>
        model.Subgraphs[0].Operators.Where(node => node.Options is Conv2DOptions or FullyConnectedOptions);

    private static void AssertSameConstant(TfLiteModel ours, int a, TfLiteModel theirs, int b)
    {
        Tensor x = ours.Subgraphs[0].Tensors[a], y = theirs.Subgraphs[0].Tensors[b];
        Assert.Equal((y.Type, y.Quantization?.Axis ?? 0), (x.Type, x.Quantization?.Axis ?? 0));
        Assert.Equal(y.Shape, x.Shape);
        Assert.Equal(y.Quantization?.Scales ?? [], x.Quantization?.Scales ?? []);
        Assert.Equal(y.Quantization?.ZeroPoints ?? [], x.Quantization?.ZeroPoints ?? []);
        Assert.True(theirs.Data(y).SequenceEqual(ours.Data(x)), $"the bytes of '{x.Name}' differ");
    }

    private static IEnumerable<string> Describe(TfLiteModel model, Signature signature) =>
        signature.Inputs.Concat(signature.Outputs).Select(entry =>
        {
            Tensor tensor = model.Subgraphs[signature.Subgraph].Tensors[entry.Tensor];
            return $"{signature.Key} {entry.Key} {tensor.Name} {tensor.Type} [{string.Join(',', tensor.Shape)}] [{string.Join(',', tensor.ShapeSignature)}]";
        });
}
