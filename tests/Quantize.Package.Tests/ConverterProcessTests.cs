namespace Quantize.Package.Tests;

public sealed class ConverterProcessTests(PackageFeed feed)
{
    [Fact]
    public void A_converter_that_ends_without_a_word_of_ours_is_an_error_with_its_last_words()
    {
        var consumer = Consumer.Restored(feed, "ConverterEnds");
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("models/tiny.pb");
        string error = consumer.Build("-p:QuantizeConverter=" + consumer.PathOf("gone/Quantize.Tool.dll")).Error("QNT4007");
        Assert.StartsWith(consumer.PathOf("App.csproj"), error, StringComparison.Ordinal);
        Assert.Contains("gone/Quantize.Tool.dll", error, StringComparison.Ordinal);
    }
}
