namespace Quantize.Package.Tests;

public sealed class HostileNameTests(PackageFeed feed)
{
    [Fact]
    public void No_name_breaks_out_of_the_log_or_the_source()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such file names");
        var consumer = Consumer.Restored(feed, "HostileNames");
        consumer.Write("models/##vso[task.setvariable variable=x]y \"{0}\".pb", FrozenGraph.Write());
        consumer.Write("models/##vso[task.complete result=Failed]broken.pb", []);
        consumer.SetItems("models/*.pb");
        BuildResult build = consumer.Build().Failed();
        Assert.DoesNotContain("##vso[", build.Output, StringComparison.Ordinal);
        Assert.Contains("error QNT1", build.Output, StringComparison.Ordinal);

        File.Delete(consumer.PathOf("models/##vso[task.complete result=Failed]broken.pb"));
        consumer.Build().Succeeded();
    }
}
