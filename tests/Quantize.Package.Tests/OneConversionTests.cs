namespace Quantize.Package.Tests;

public sealed class OneConversionTests(PackageFeed feed)
{
    [Fact]
    public void Debug_Release_and_all_target_frameworks_share_one_conversion()
    {
        // A platform that the SDK builds for without a workload, once it is told not to ask for one.
        var consumer = new Consumer(feed, "Shared",
            "<TargetFrameworks>net10.0;net10.0-browser1.0</TargetFrameworks><TargetPlatformSupported>true</TargetPlatformSupported><TargetPlatformVersionSupported>true</TargetPlatformVersionSupported>");
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("models/tiny.pb");
        consumer.Restore();
        Assert.Equal(["TinyModel"], consumer.Build("-m:2").Succeeded().Converted);
        Assert.True(File.Exists(consumer.PathOf("bin/Debug/net10.0-browser1.0/App.dll")));
        Assert.Empty(consumer.Build("-c", "Release").Succeeded().Converted);
        Assert.Equal(["TinyModel.signature", "TinyModel.tflite"], consumer.StoredFiles());
        Assert.Equal(0, consumer.Build().Succeeded().Processes);
    }
}
