using System.Text;
using Quantize.Build;
using Quantize.Tests;

namespace Quantize.Converter.Tests.TfLite;

public sealed class CustomCodesTests
{
    private const string BuiltIn = "TFLite_Detection_PostProcess";
    private const string Unknown = "TFLite_Detection_PostProcesX";
    private const string OfTensorFlow = "FlexBroadcastGradientsArgsXX";

    [Fact]
    public void One_that_the_runtime_brings_along_needs_no_class() => Assert.Equal("", Convert(BuiltIn, null).Signature.CustomOperators);

    [Fact]
    public void The_class_that_has_them_is_in_the_signature()
    {
        ConversionResult result = Convert(Unknown, "MyApp.Boxes");
        Assert.Equal("MyApp.Boxes", result.Signature.CustomOperators);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Without_a_class_they_are_an_error_by_name()
    {
        ModelDiagnostic diagnostic = Error(Unknown);
        Assert.Equal("QNT4015", diagnostic.Entry.Id);
        Assert.Equal(
            "The model has the custom operators 'TFLite_Detection_PostProcesX', which are none of TFLite's own; write them in C#, and name the class that has them with CustomOperators", diagnostic.Message);
        Assert.EndsWith("with --custom-operators", diagnostic.CommandLineMessage);
    }

    [Fact]
    public void Operators_of_TensorFlow_are_told_as_such() => Assert.Contains("(those that begin with Flex are TensorFlow's: the SavedModel", Error(OfTensorFlow).Message);

    [Fact]
    public void A_class_that_is_not_wanted_is_a_warning()
    {
        ModelDiagnostic warning = Assert.Single(Convert(BuiltIn, "MyApp.Boxes").Warnings);
        Assert.Equal(("QNT3001", ModelOption.CustomOperators), (warning.Entry.Id, warning.Option));
    }

    private static ModelDiagnostic Error(string name) => Assert.Single(Assert.Throws<ConversionException>(() => Convert(name, null)).Diagnostics);

    private static ConversionResult Convert(string name, string? customOperators)
    {
        byte[] model = File.ReadAllBytes(Path.Combine(Repository.Shared("data", "tflite_typed"), "detection_postprocess", "fast_hand", "model.tflite"));
        Encoding.ASCII.GetBytes(name).CopyTo(model, model.AsSpan().IndexOf(Encoding.ASCII.GetBytes(BuiltIn)));
        string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "boxes.tflite");
        File.WriteAllBytes(path, model);
        return ModelConverter.Convert(new ConversionRequest { ModelPath = path, CustomOperators = customOperators });
    }
}
