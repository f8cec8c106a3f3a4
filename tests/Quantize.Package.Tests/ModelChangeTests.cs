namespace Quantize.Package.Tests;

public sealed class ModelChangeTests(PackageFeed feed)
{
    [Fact]
    public void A_touched_model_is_looked_at_and_a_changed_one_converted()
    {
        var consumer = Consumer.Restored(feed, nameof(A_touched_model_is_looked_at_and_a_changed_one_converted));
        consumer.Write("models/tiny.pb", FrozenGraph.Write(seed: 1));
        consumer.SetItems("models/tiny.pb");
        consumer.Build().Succeeded();
        DateTime built = File.GetLastWriteTimeUtc(consumer.PathOf("bin/Debug/net10.0/App.dll"));

        consumer.Write("models/tiny.pb", FrozenGraph.Write(seed: 1));
        BuildResult touched = consumer.Build().Succeeded();
        Assert.Equal(1, touched.Processes);
        Assert.Empty(touched.Converted);
        Assert.Equal(built, File.GetLastWriteTimeUtc(consumer.PathOf("bin/Debug/net10.0/App.dll")));

        consumer.Write("models/tiny.pb", FrozenGraph.Write(seed: 2));
        Assert.Equal(["TinyModel"], consumer.Build().Succeeded().Converted);
        Assert.NotEqual(built, File.GetLastWriteTimeUtc(consumer.PathOf("bin/Debug/net10.0/App.dll")));
        Assert.Equal(["TinyModel.signature", "TinyModel.tflite"], consumer.StoredFiles());
        Assert.Equal(0, consumer.Build().Succeeded().Processes);
    }
}
