namespace Quantize.Package.Tests;

public sealed class LibraryTests(PackageFeed feed)
{
    [Fact]
    public void A_library_hands_on_its_classes_and_the_runtime_but_not_the_build()
    {
        var library = new Consumer(feed, "Library", "<TargetFramework>net10.0</TargetFramework><OutputType>Library</OutputType><AssemblyName>Vision</AssemblyName>");
        library.Write("models/tiny.pb", FrozenGraph.Write());
        library.Write("Program.cs", "");
        library.SetItems("models/tiny.pb");

        var app = new Consumer(feed, "AppOfLibrary", "<TargetFramework>net10.0</TargetFramework><RootNamespace>Program</RootNamespace>", packageReference: false);
        app.Write("Program.cs", $"Console.WriteLine(App.TinyModel.Predict(new float[{FrozenGraph.Inputs}]).Y.Length);");
        app.SetItems("""<ProjectReference Include="../Library/App.csproj" />""", "models/nothing.pb");
        app.Restore();
        BuildResult build = app.Build().Succeeded();
        Assert.Equal(1, build.Processes);
        Assert.Equal(["TinyModel"], build.Converted);
        Assert.False(Directory.Exists(app.Store));
        Assert.Equal($"{FrozenGraph.Outputs}", app.RunProgram());
    }
}
