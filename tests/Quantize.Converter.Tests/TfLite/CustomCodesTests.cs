using System.Text;
using Quantize.Build;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;
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

    [Fact]
    public void A_builtin_that_the_runtime_lacks_is_told_when_the_model_is_converted()
    {
        var graph = new Graph("main");
        Value x = new("x", TensorType.Float32, Shape.Of(3)), y = new("y", TensorType.Float32, Shape.Of(3));
        graph.Inputs.Add(x);
        graph.Nodes.Add(new Node("y", BuiltinOperator.StablehloCase, new NoOptions(), [x], [y]));
        graph.Outputs.Add(y);
        string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "new.tflite");
        File.WriteAllBytes(path, TfLiteEmitter.Emit(GraphBuilder.Module(graph)).Span);
        ModelDiagnostic diagnostic = Assert.Single(Assert.Throws<ConversionException>(() => ModelConverter.Convert(new ConversionRequest { ModelPath = path })).Diagnostics);
        Assert.Equal(("QNT1010", "Node 'y': the operation StablehloCase is not supported (the runtime has no kernel for it)"), (diagnostic.Entry.Id, diagnostic.Message));
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
