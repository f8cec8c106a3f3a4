using System.Diagnostics;
using System.Security;

namespace Quantize.Package.Tests;

/// <summary>A project in a temporary folder that references the package, and the builds of it.</summary>
internal sealed class Consumer
{
    /// <summary>On one processor, and without servers that outlive the test.</summary>
    private static readonly string[] Quietly = ["-m:1", "-nodeReuse:false", "-p:UseSharedCompilation=false"];

    private readonly PackageFeed _feed;
    private readonly string _properties;
    private readonly string _extension;
    private readonly string _packageReference;

    /// <param name="feed">Where the package lies.</param>
    /// <param name="name">Of the folder.</param>
    /// <param name="properties">XML of the project file: properties.</param>
    /// <param name="extension">csproj, fsproj or vbproj.</param>
    /// <param name="packageReference">Whether it references Quantize.Build itself.</param>
    public Consumer(PackageFeed feed, string name, string properties = "<TargetFramework>net10.0</TargetFramework>", string extension = "csproj", bool packageReference = true)
    {
        _feed = feed;
        _properties = properties;
        _extension = extension;
        _packageReference = packageReference ? $"<PackageReference Include=\"Quantize.Build\" Version=\"{feed.Version}\" />" : "";
        Folder = Path.Combine(feed.Root, name);
        Directory.CreateDirectory(Folder);
        Write("Program.cs", "System.Console.WriteLine(\"nothing\");");
        SetItems();
    }

    public string Folder { get; }

    public string Store => PathOf("obj/quantize");

    /// <summary>A project that is restored already: it is as the template is.</summary>
    public static Consumer Restored(PackageFeed feed, string name)
    {
        var consumer = new Consumer(feed, name);
        Directory.CreateDirectory(consumer.PathOf("obj"));
        foreach (string file in Directory.EnumerateFiles(feed.Template.PathOf("obj")))
            File.Copy(file, Path.Combine(consumer.PathOf("obj"), Path.GetFileName(file)));
        return consumer;
    }

    public string PathOf(string path) => Path.Combine(Folder, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    public void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllBytes(PathOf(path), bytes);
    }

    /// <summary>Writes the project file with these TfModel items: the whole element, or the Include alone.</summary>
    public void SetItems(params string[] items)
    {
        IEnumerable<string> elements = items.Select(item => item.StartsWith('<') ? item : $"<TfModel Include=\"{SecurityElement.Escape(item)}\" />");
        File.WriteAllText(PathOf("App." + _extension), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <SatelliteResourceLanguages>en</SatelliteResourceLanguages>
                <RootNamespace>App</RootNamespace>
                {_properties}
              </PropertyGroup>
              <ItemGroup>
                {_packageReference}
                {string.Join("\n    ", elements)}
              </ItemGroup>
            </Project>
            """);
    }

    public Consumer Restore()
    {
        Run("restore").Succeeded();
        return this;
    }

    public BuildResult Build(params string[] arguments) => MSBuild("build", ["--no-restore", .. arguments]);

    /// <summary>Builds as an editor does to know the project: nothing is compiled, and what it would see is returned by the targets.</summary>
    public BuildResult DesignTimeBuild() => MSBuild("msbuild", ["-t:Compile", "-p:DesignTimeBuild=true", "-p:BuildingProject=false", "-p:BuildingInsideVisualStudio=true",
        "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-getItem:AdditionalFiles,EmbeddedResource,UpToDateCheckInput,QuantizedModel,AvailableItemName"]);

    public CommandResult Run(params string[] arguments) => Command.Run(Command.Dotnet, Folder, arguments);

    /// <summary>Runs what was built.</summary>
    public string RunProgram(string configuration = "Debug") =>
        Command.Run(Command.Dotnet, Folder, ["exec", PathOf($"bin/{configuration}/net10.0/App.dll")]).Succeeded().Output.Trim();

    /// <summary>Models and signatures in the store, without their folders.</summary>
    public IReadOnlyList<string> StoredFiles() => Directory.Exists(Store)
        ? [.. Directory.EnumerateFiles(Store, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)).Where(IsResult).Order(StringComparer.Ordinal)]
        : [];

    private static bool IsResult(string name) => Path.GetExtension(name) is ".tflite" or ".signature";

    private BuildResult MSBuild(string verb, params IEnumerable<string> arguments)
    {
        string log = _feed.NewLog();
        var clock = Stopwatch.StartNew();
        CommandResult result = Run([verb, .. Quietly, $"-flp:verbosity=detailed;encoding=utf-8;logfile={log}", .. arguments]);
        return new BuildResult(result, File.ReadAllText(log), clock.Elapsed);
    }
}
