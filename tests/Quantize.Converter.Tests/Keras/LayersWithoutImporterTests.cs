using System.Text;
using Quantize.Build;
using Quantize.Converter.Keras;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>Layers of Keras that are not imported are no code of somebody, and each tells what to do instead.</summary>
public sealed class LayersWithoutImporterTests
{
    [Theory]
    [InlineData("TextVectorization", "keras.layers", "it reads text")]
    [InlineData("StringLookup", "", "it reads text")]
    [InlineData("IntegerLookup", "keras.src.layers.preprocessing", "get_vocabulary() has the numbers")]
    [InlineData("Hashing", "keras.layers", "it hashes its input")]
    [InlineData("TFSMLayer", "keras.layers", "convert that folder itself")]
    [InlineData("LayerOfNextYear", "keras.src.layers.core", "it is a layer of Keras that is not known here")]
    public void They_are_told_with_what_to_do(string className, string module, string fact)
    {
        ModelDiagnostic diagnostic = Refusal(className, module);
        Assert.Equal("QNT1041", diagnostic.Entry.Id);
        Assert.StartsWith($"Layer 'first' of the class {className} is not supported: ", diagnostic.Message);
        Assert.Contains(fact, diagnostic.Message);
    }

    [Theory]
    [InlineData("LayerOfMine", "")]
    [InlineData("LayerOfMine", "mine.layers")]
    [InlineData("TextVectorization", "mine.layers")]
    [InlineData("Lambda", "keras.layers")]
    public void Code_of_an_author_is_still_code(string className, string module) => Assert.Equal("QNT1040", Refusal(className, module).Entry.Id);

    [Fact]
    public void None_of_them_is_imported() => Assert.DoesNotContain(LayersWithoutImporter.Table.Keys, KerasLayers.Table.ContainsKey);

    private static ModelDiagnostic Refusal(string className, string module)
    {
        string config = $$$"""
            {"class_name": "Sequential", "module": "keras", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "module": "keras.layers", "config": {"batch_shape": [null, 3], "name": "x"}},
              {"class_name": "{{{className}}}", "module": "{{{module}}}", "config": {"name": "first"}}]}}
            """;
        string original = Path.Combine(Repository.Shared("data", "keras_files", "dense_keras"), "model.keras");
        using KerasArchiveFile file = KerasArchiveFile.Of(original, "config.json", Encoding.UTF8.GetBytes(config));
        return Assert.Single(Assert.Throws<ConversionException>(() => ModelConverter.Convert(new ConversionRequest { ModelPath = file.Path })).Diagnostics);
    }
}
