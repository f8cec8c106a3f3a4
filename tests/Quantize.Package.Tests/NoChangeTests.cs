namespace Quantize.Package.Tests;

public sealed class NoChangeTests(PackageFeed feed)
{
    [Fact]
    public void A_second_build_starts_no_process_and_compiles_nothing()
    {
        var consumer = Consumer.Restored(feed, nameof(A_second_build_starts_no_process_and_compiles_nothing));
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("models/tiny.pb");
        Assert.Equal(1, consumer.Build().Succeeded().Processes);
        DateTime built = File.GetLastWriteTimeUtc(consumer.PathOf("bin/Debug/net10.0/App.dll"));
        BuildResult second = consumer.Build().Succeeded();
        Assert.Equal(0, second.Processes);
        Assert.Empty(second.Converted);
        Assert.Equal(built, File.GetLastWriteTimeUtc(consumer.PathOf("bin/Debug/net10.0/App.dll")));
    }
}
