namespace Quantize.Package.Tests;

public sealed class PathTests(PackageFeed feed)
{
    [Fact]
    public void Spaces_and_letters_of_all_kinds_in_paths_are_well()
    {
        var consumer = Consumer.Restored(feed, "Größe & 模型 'x'; 100%");
        consumer.Write("models/Zürich 数字/saved_model.pb", FrozenGraph.WriteSavedModel());
        consumer.Write("Program.cs", "System.Console.WriteLine(typeof(App.Zürich数字Model).Name.Length);");
        consumer.SetItems("models/Zürich 数字");
        BuildResult build = consumer.Build().Succeeded();
        Assert.Contains("models/Zürich 数字 -> Zürich数字Model (", build.Output, StringComparison.Ordinal);
        Assert.Equal("13", consumer.RunProgram());
        Assert.Equal(0, consumer.Build().Succeeded().Processes);
    }
}
