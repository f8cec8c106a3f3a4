using System.Text;
using Quantize.Build;
using Quantize.Converter.Labels;
using Quantize.Converter.Tests.TfLite;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Labels;

public sealed class GivenLabelsTests
{
    private readonly string _labels = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "labels.txt");

    [Fact]
    public void They_replace_those_of_the_file()
    {
        var file = new MetadataFile { Named = [new("labels.txt", MetadataFile.Axis)], Archive = [("labels.txt", "cat\ndog\nbird")] };
        Assert.Equal(["1st", "2nd", "3rd"], Convert(file.WriteFile(), "1st\n2nd\n3rd").Methods[0].Outputs[0].Labels);
    }

    [Fact]
    public void A_SavedModel_gets_them_where_they_fit()
    {
        SignatureMethod method = Convert(Repository.Shared("data", "mnist_model", "saved_model_tf1"), string.Join('\n', Enumerable.Range(0, 10).Select(digit => $"digit {digit}"))).Methods[0];
        Assert.Equal("digit 9", method.Outputs.Single(output => output.Key == "probabilities").Labels[9]);
        Assert.Empty(method.Outputs.Single(output => output.Key == "classes").Labels);
    }

    [Fact]
    public void A_Keras_file_gets_them() => Assert.Equal(
        "nine", Convert(Path.Combine(Repository.Shared("data", "keras_files", "app_mobilenetv3_small_keras"), "model.keras"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nnine").Methods[0].Outputs[0].Labels[9]);

    [Fact]
    public void The_design_time_signature_has_them() => Assert.Equal(["a", "b", "c"], Convert(new MetadataFile().WriteFile(), "a\nb\nc", signatureOnly: true).Methods[0].Outputs[0].Labels);

    [Fact]
    public void Another_number_than_any_output_has_is_an_error()
    {
        ModelDiagnostic diagnostic = Error(new MetadataFile().WriteFile(), "a\nb");
        Assert.Equal("QNT4014", diagnostic.Entry.Id);
        Assert.Equal("Labels names a file of 2 labels, and no output has that many values: 'y' float32 [1, 3]; give one line for each value, in their order", diagnostic.Message);
        Assert.StartsWith("--labels names", diagnostic.CommandLineMessage);
    }

    [Fact]
    public void A_missing_file_is_an_error()
    {
        var request = new ConversionRequest { ModelPath = new MetadataFile().WriteFile(), LabelsPath = _labels };
        ModelDiagnostic diagnostic = Assert.Single(Assert.Throws<ConversionException>(() => ModelConverter.Convert(request)).Diagnostics);
        Assert.Equal(("QNT4013", true), (diagnostic.Entry.Id, diagnostic.Message.Contains("labels.txt', which cannot be read: there is no such file", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("a\0b")]
    public void A_file_without_labels_is_an_error(string text) => Assert.Equal("QNT4013", Error(new MetadataFile().WriteFile(), text).Entry.Id);

    [Theory]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("\uFEFFa\n\n b\n\n", "a||b")]
    [InlineData("0  background\n1  tench, Tinca tinca", "background|tench, Tinca tinca")]
    [InlineData("0:a\n1:b", "a|b")]
    [InlineData("0\n1\n2", "0|1|2")]
    [InlineData("1 a\n2 b", "1 a|2 b")]
    [InlineData("0 a\nb", "0 a|b")]
    public void Lines_are_labels(string text, string labels) => Assert.Equal(labels, string.Join('|', LabelText.Parse(Encoding.UTF8.GetBytes(text))));

    private ModelDiagnostic Error(string model, string labels) => Assert.Single(Assert.Throws<ConversionException>(() => Convert(model, labels)).Diagnostics);

    private ModelSignature Convert(string model, string labels, bool signatureOnly = false)
    {
        File.WriteAllText(_labels, labels);
        return ModelConverter.Convert(new ConversionRequest { ModelPath = model, LabelsPath = _labels, SignatureOnly = signatureOnly }).Signature;
    }
}
