namespace Quantize.Package.Tests;

public sealed class ToolPackageTests(PackageFeed feed)
{
    [Fact]
    public void The_tool_installs_and_repeats_a_build_by_hand()
    {
        var consumer = Consumer.Restored(feed, "ToolByHand");
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("models/tiny.pb");
        consumer.Build().Succeeded();
        consumer.Run("new", "tool-manifest").Succeeded();
        consumer.Run("tool", "install", "Quantize.Tool", "--version", feed.Version).Succeeded();

        CommandResult repeated = consumer.Run("quantize", "build", "obj/Debug/net10.0/quantize.request.json").Succeeded();
        Assert.Contains("\"state\":\"upToDate\"", repeated.Output, StringComparison.Ordinal);
        CommandResult missing = consumer.Run("quantize", "build", "missing.json").Failed();
        Assert.Contains("\"code\":\"QNT4011\"", missing.Output, StringComparison.Ordinal);
    }
}
