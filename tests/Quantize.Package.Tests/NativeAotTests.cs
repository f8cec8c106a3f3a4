namespace Quantize.Package.Tests;

public sealed class NativeAotTests(PackageFeed feed)
{
    [Fact]
    public void Publishing_as_NativeAOT_for_x64_tells_once_of_the_instruction_set()
    {
        var consumer = Consumer.Restored(feed, "NativeAot");
        consumer.SetItems("models/tiny.pb");
        Assert.Single(Publish(consumer, "linux-x64").Split('\n'), line => line.Contains("IlcInstructionSet", StringComparison.Ordinal));
        Assert.DoesNotContain("IlcInstructionSet", Publish(consumer, "linux-arm64"), StringComparison.Ordinal);
        Assert.DoesNotContain("IlcInstructionSet", Publish(consumer, "linux-x64", "-p:IlcInstructionSet=x86-64-v3"), StringComparison.Ordinal);
    }

    /// <summary>The first step of a publish: the whole of it needs the compiler's package.</summary>
    private static string Publish(Consumer consumer, string runtime, params string[] arguments) =>
        consumer.Run(["msbuild", "-t:PrepareForPublish", "-p:PublishAot=true", "-p:RuntimeIdentifier=" + runtime, .. arguments]).Output;
}
