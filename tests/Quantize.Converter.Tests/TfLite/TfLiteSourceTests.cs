using System.Security.Cryptography;
using Quantize.Build;
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
        Assert.Equal(("QNT3001", DiagnosticLevel.Warning, "Batch"), (warning.Entry.Id, warning.Entry.Level, warning.Arguments[0]));
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

    private static string Constant(TfLiteModel model, int tensor) =>
        tensor >= 0 && model.Subgraphs[0].Tensors[tensor].IsConstant ? Convert.ToHexString(SHA256.HashData(model.Data(model.Subgraphs[0].Tensors[tensor]))) : "";
}
