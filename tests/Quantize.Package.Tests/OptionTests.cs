using Quantize.Tests;

namespace Quantize.Package.Tests;

public sealed class OptionTests(PackageFeed feed)
{
    [Fact]
    public void A_changed_option_converts_again_and_decides_the_size()
    {
        var consumer = Consumer.Restored(feed, nameof(A_changed_option_converts_again_and_decides_the_size));
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("""<TfModel Include="models/tiny.pb" Quantization="None" ClassName="Digits" Namespace="Vision" InputArrays="x" OutputArrays="y" />""");
        Assert.Equal(["Digits"], consumer.Build().Succeeded().Converted);
        long floatBytes = ModelBytes(consumer);
        consumer.SetItems("""<TfModel Include="models/tiny.pb" ClassName="Digits" Namespace="Vision" InputArrays="x" OutputArrays="y" />""");
        Assert.Equal(["Digits"], consumer.Build().Succeeded().Converted);
        Assert.InRange(floatBytes - ModelBytes(consumer), (4 - 1) * FrozenGraph.Inputs * FrozenGraph.Outputs * 8 / 10, 4 * FrozenGraph.Inputs * FrozenGraph.Outputs);
        Assert.Equal(["Digits.signature", "Digits.tflite"], consumer.StoredFiles());
    }

    [Fact]
    public void A_value_that_is_none_is_told_with_those_that_are()
    {
        var consumer = Consumer.Restored(feed, nameof(A_value_that_is_none_is_told_with_those_that_are));
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("""<TfModel Include="models/tiny.pb" Quantization="Int3" />""");
        string error = consumer.Build().Error("QNT4003");
        Assert.StartsWith(consumer.PathOf("models/tiny.pb") + " : error QNT4003: The TfModel item's Quantization is 'Int3'; it can be None, DynamicRange", error, StringComparison.Ordinal);
        Assert.Empty(consumer.StoredFiles());
    }

    [Fact]
    public void Misspelt_metadata_are_told_with_the_right_name_and_a_link_whether_there_is_work_or_not()
    {
        var consumer = Consumer.Restored(feed, nameof(Misspelt_metadata_are_told_with_the_right_name_and_a_link_whether_there_is_work_or_not));
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("""<TfModel Include="models/tiny.pb" Quantisation="None" outputs="y" Colour="red" Link="x" />""");
        string[] warnings = Warnings(consumer.Build("-p:TreatWarningsAsErrors=false").Succeeded());
        Assert.Equal(2, warnings.Length);
        Assert.StartsWith(
            consumer.PathOf("App.csproj") + " : warning QNT4012: The TfModel item 'models/tiny.pb' has the metadata Quantisation, which the conversion does not know; write Quantization where", warnings[0]);
        Assert.Contains("the metadata outputs, which the conversion does not know; write OutputArrays where that is meant", warnings[1], StringComparison.Ordinal);
        Assert.Contains("(https://github.com/quantize-build/quantize-build/blob/main/docs/diagnostics/QNT4012.md)", warnings[1], StringComparison.Ordinal);
        Assert.Equal(warnings, Warnings(consumer.Build("-p:TreatWarningsAsErrors=false").Succeeded()));
        Assert.Empty(Warnings(consumer.Build("-p:NoWarn=QNT4012").Succeeded()));
    }

    [Fact]
    public void An_option_without_effect_on_a_tflite_file_is_told_in_the_words_of_the_item()
    {
        var consumer = Consumer.Restored(feed, nameof(An_option_without_effect_on_a_tflite_file_is_told_in_the_words_of_the_item));
        consumer.Write("models/tiny.tflite", File.ReadAllBytes(TestModels.SubtractInt32));
        consumer.SetItems("""<TfModel Include="models/tiny.tflite" Quantization="None" Arithmetic="Fast" Tags="serve" />""");
        string[] warnings = Warnings(consumer.Build("-p:TreatWarningsAsErrors=false").Succeeded());
        Assert.Equal(2, warnings.Length);
        Assert.Contains("QNT3001: Arithmetic has no effect: no operator", warnings[0], StringComparison.Ordinal);
        Assert.Contains("QNT3001: Tags has no effect: ", warnings[1], StringComparison.Ordinal);
    }

    private static string[] Warnings(BuildResult build) =>
        [.. build.Output.Split('\n').Where(line => line.Contains("warning QNT", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct().Order(StringComparer.Ordinal)];

    private static long ModelBytes(Consumer consumer) => new FileInfo(Directory.EnumerateFiles(consumer.Store, "*.tflite", SearchOption.AllDirectories).Single()).Length;
}
