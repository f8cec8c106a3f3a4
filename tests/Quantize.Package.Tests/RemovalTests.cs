namespace Quantize.Package.Tests;

public sealed class RemovalTests(PackageFeed feed)
{
    [Fact]
    public void A_removed_item_takes_class_and_files_along()
    {
        var consumer = Consumer.Restored(feed, nameof(A_removed_item_takes_class_and_files_along));
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.Write("Program.cs", "System.Console.WriteLine(typeof(App.TinyModel).FullName);");
        consumer.SetItems("models/tiny.pb");
        consumer.Build().Succeeded();
        Assert.Equal("App.TinyModel", consumer.RunProgram());
        consumer.SetItems();
        Assert.Contains("error CS0246", consumer.Build().Failed().Output, StringComparison.Ordinal);
        Assert.Empty(consumer.StoredFiles());
    }
}
