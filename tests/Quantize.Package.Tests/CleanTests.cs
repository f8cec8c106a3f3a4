namespace Quantize.Package.Tests;

public sealed class CleanTests(PackageFeed feed)
{
    [Fact]
    public void Clean_removes_all_that_was_converted_and_the_next_build_makes_it_again()
    {
        var consumer = Consumer.Restored(feed, nameof(Clean_removes_all_that_was_converted_and_the_next_build_makes_it_again));
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("models/tiny.pb");
        consumer.Build().Succeeded();
        Assert.True(Directory.Exists(consumer.Store));
        consumer.Run("clean").Succeeded();
        Assert.False(Directory.Exists(consumer.Store));
        Assert.False(File.Exists(consumer.PathOf("obj/Debug/net10.0/quantize.request.json")));
        Assert.Equal(["TinyModel"], consumer.Build().Succeeded().Converted);
    }
}
