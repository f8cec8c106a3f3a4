using System.Security.Cryptography;
using Quantize.Build;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.TfLite;

public sealed class TfLiteSourceTests
{
    [Fact]
    public void A_tflite_file_goes_through_unchanged_and_is_typed_by_its_own_signature()
    {
        string path = MnistModels.Path("google_dynamic.tflite");
        ConversionResult result = ModelConverter.Convert(new ConversionRequest { ModelPath = path });
        Assert.True(result.Model.Span.SequenceEqual(File.ReadAllBytes(path)));
        SignatureMethod method = Assert.Single(result.Signature.Methods);
        Assert.Equal("serving_default", method.Key);
        Assert.Equal(new SignatureTensor("image", "Placeholder:0", "Float32", new(["batch", "28", "28"]), 0, 0), Assert.Single(method.Inputs));
        Assert.Equal(["classes", "probabilities"], method.Outputs.Select(output => output.Key));
        Assert.Contains("StridedSlice", result.Signature.Operators);
    }

    [Fact]
    public void A_batch_that_cannot_be_fixed_is_a_warning()
    {
        ConversionResult result = ModelConverter.Convert(MnistModels.Request(MnistModels.Path("google_float.tflite")) with { Batch = 1 });
        ModelDiagnostic warning = Assert.Single(result.Warnings);
        Assert.Equal(("QNT3001", DiagnosticLevel.Warning, ModelOption.Batch), (warning.Entry.Id, warning.Entry.Level, warning.Option));
    }

    [Fact]
    public void A_signature_that_the_file_does_not_have_is_an_error()
    {
        ConversionRequest request = MnistModels.Request(MnistModels.Path("google_float.tflite")) with { SignatureKey = "train" };
        var exception = Assert.Throws<ConversionException>(() => ModelConverter.Convert(request));
        Assert.Equal("QNT1007", Assert.Single(exception.Diagnostics).Entry.Id);
    }

    [Fact]
    public void Float_weights_are_quantized_where_a_scheme_is_asked_for()
    {
        ConversionResult result = ModelConverter.Convert(MnistModels.Request(MnistModels.Path("google_float.tflite")));
        using TfLiteModel ours = MnistModels.Read(result);
        using TfLiteModel google = MnistModels.Google("google_dynamic.tflite");
        Assert.Equal(google.Subgraphs[0].Operators.Select(op => op.Code), ours.Subgraphs[0].Operators.Select(op => op.Code));
        foreach ((Operator a, Operator b) in ours.Subgraphs[0].Operators.Zip(google.Subgraphs[0].Operators))
        {
            Assert.Equal(b.Inputs.Select(input => Constant(google, input)), a.Inputs.Select(input => Constant(ours, input)));
        }

        Assert.Equal(["image"], Assert.Single(result.Signature.Methods).Inputs.Select(input => input.Key));
        Assert.Equal("DynamicRange", result.Signature.Quantization);
    }

    [Fact]
    public void Weights_that_have_8_bits_already_stay_as_they_are()
    {
        string path = MnistModels.Path("google_dynamic.tflite");
        using TfLiteModel ours = MnistModels.Read(ModelConverter.Convert(MnistModels.Request(path)));
        using TfLiteModel google = MnistModels.Google("google_dynamic.tflite");
        foreach ((Operator a, Operator b) in ours.Subgraphs[0].Operators.Zip(google.Subgraphs[0].Operators))
            Assert.Equal(b.Inputs.Select(input => Constant(google, input)), a.Inputs.Select(input => Constant(ours, input)));
    }

    [Fact]
    public void A_damaged_file_is_an_error_with_its_fact()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "cut.tflite");
        File.WriteAllBytes(path, File.ReadAllBytes(MnistModels.Path("google_dynamic.tflite"))[..5000]);
        var exception = Assert.Throws<ConversionException>(() => ModelConverter.Convert(MnistModels.Request(path)));
        ModelDiagnostic diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal(("QNT1002", path), (diagnostic.Entry.Id, diagnostic.File));
    }

    [Fact]
    public void A_git_lfs_pointer_is_told_as_such()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "model.tflite");
        File.WriteAllText(path, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        var exception = Assert.Throws<ConversionException>(() => ModelConverter.Convert(MnistModels.Request(path)));
        Assert.Equal("QNT1003", Assert.Single(exception.Diagnostics).Entry.Id);
    }

    [Theory]
    [InlineData("google_float.tflite", null, null, "")]
    [InlineData("google_float.tflite", QuantizationScheme.None, ArithmeticForm.Precise, "")]
    [InlineData("google_float.tflite", null, ArithmeticForm.Fast, "Arithmetic")]
    [InlineData("google_float.tflite", QuantizationScheme.DynamicRange, ArithmeticForm.Fast, "")]
    [InlineData("google_dynamic.tflite", QuantizationScheme.None, null, "Quantization")]
    [InlineData("google_dynamic.tflite", QuantizationScheme.None, ArithmeticForm.Fast, "Quantization")]
    [InlineData("google_dynamic.tflite", null, ArithmeticForm.Fast, "")]
    [InlineData("google_int8.tflite", QuantizationScheme.None, ArithmeticForm.Fast, "Quantization, Arithmetic")]
    public void A_wish_is_fulfilled_or_it_is_told_that_it_is_not(string file, QuantizationScheme? scheme, ArithmeticForm? arithmetic, string unfulfilled)
    {
        ConversionResult result = ModelConverter.Convert(new ConversionRequest { ModelPath = MnistModels.Path(file), Quantization = scheme, Arithmetic = arithmetic });
        Assert.All(result.Warnings, warning => Assert.Equal(DiagnosticTable.OptionWithoutEffect, warning.Entry));
        Assert.Equal(unfulfilled, string.Join(", ", result.Warnings.Select(warning => warning.Option!.Name)));
    }

    [Fact]
    public void Options_of_a_TensorFlow_graph_do_nothing_to_a_tflite_file_and_are_told_all_at_once()
    {
        var request = new ConversionRequest { ModelPath = MnistModels.Path("google_float.tflite"), Tags = ["serve"], InputArrays = ["x"], OutputArrays = ["y"], KeepFloat = ["z"] };
        ConversionResult result = ModelConverter.Convert(request);
        Assert.Equal(["InputArrays", "OutputArrays", "Tags", "KeepFloat"], result.Warnings.Select(warning => warning.Option!.Name));
        Assert.True(result.Model.Span.SequenceEqual(File.ReadAllBytes(request.ModelPath)));
    }

    [Fact]
    public void Another_arithmetic_is_written_into_a_file_with_8_bit_weights_and_its_weights_stay()
    {
        string path = MnistModels.Path("google_dynamic.tflite");
        ConversionResult result = ModelConverter.Convert(new ConversionRequest { ModelPath = path, Arithmetic = ArithmeticForm.Fast });
        using CompiledModel fast = CompiledModel.Load(result.Model);
        Assert.Equal((Arithmetic.Fast, "Fast"), (fast.Arithmetic, result.Signature.Arithmetic));
        Assert.Contains(fast.Plan, step => step.Kernel.Contains("hybrid fast", StringComparison.Ordinal));
        using TfLiteModel ours = MnistModels.Read(result);
        using TfLiteModel google = MnistModels.Google("google_dynamic.tflite");
        foreach ((Operator a, Operator b) in ours.Subgraphs[0].Operators.Zip(google.Subgraphs[0].Operators))
            Assert.Equal(b.Inputs.Select(input => Constant(google, input)), a.Inputs.Select(input => Constant(ours, input)));

        string written = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "fast.tflite");
        File.WriteAllBytes(written, result.Model.ToArray());
        Assert.Equal(result.Model.ToArray(), ModelConverter.Convert(new ConversionRequest { ModelPath = written }).Model.ToArray());
        ConversionResult precise = ModelConverter.Convert(new ConversionRequest { ModelPath = written, Arithmetic = ArithmeticForm.Precise });
        using CompiledModel back = CompiledModel.Load(precise.Model);
        Assert.Equal(Arithmetic.Precise, back.Arithmetic);
    }

    [Fact]
    public void A_quantization_keeps_the_arithmetic_that_the_file_records()
    {
        ConversionResult fast = ModelConverter.Convert(new ConversionRequest { ModelPath = MnistModels.Path("google_float.tflite"), Quantization = QuantizationScheme.DynamicRange, Arithmetic = ArithmeticForm.Fast });
        string written = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "fast.tflite");
        File.WriteAllBytes(written, fast.Model.ToArray());
        ConversionResult again = ModelConverter.Convert(new ConversionRequest { ModelPath = written, Quantization = QuantizationScheme.DynamicRange });
        Assert.Equal(fast.Model.ToArray(), again.Model.ToArray());
        Assert.Empty(again.Warnings);
    }

    [Fact]
    public void A_file_without_signatures_is_known_by_the_default_key()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "bare.tflite");
        var graph = new GraphBuilder();
        Module module = GraphBuilder.Module(graph.Build(graph.Node("y", BuiltinOperator.Relu, graph.Input("x", 2))));
        File.WriteAllBytes(path, TfLiteEmitter.Emit(module with { EntryPoints = [] }).Span);
        var request = new ConversionRequest { ModelPath = path, SignatureKey = "train" };
        ModelDiagnostic wrong = Assert.Single(Assert.Throws<ConversionException>(() => ModelConverter.Convert(request)).Diagnostics);
        Assert.Equal("The model has no signature 'train'; it has: serving_default; set SignatureKey to one of these", wrong.Message);
        Assert.Equal("serving_default", Assert.Single(ModelConverter.Convert(request with { SignatureKey = "serving_default" }).Signature.Methods).Key);
    }

    private static string Constant(TfLiteModel model, int tensor) =>
        tensor >= 0 && model.Subgraphs[0].Tensors[tensor].IsConstant ? Convert.ToHexString(SHA256.HashData(model.Data(model.Subgraphs[0].Tensors[tensor]))) : "";
}
