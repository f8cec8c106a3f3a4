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

    private static long ModelBytes(Consumer consumer) => new FileInfo(Directory.EnumerateFiles(consumer.Store, "*.tflite", SearchOption.AllDirectories).Single()).Length;
}
